-- title: After how many trials is the best one found?
-- about: The place of the best trial among all trials of its run.
SELECT run, arg_min(number, loss) AS best_trial, max(number) AS trials,
       round(arg_min(at_s, loss), 1) AS after_s
FROM lab.trials
WHERE isfinite(loss)
GROUP BY run
ORDER BY run;
