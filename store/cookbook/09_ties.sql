-- title: How often is the first place a tie?
-- about: Candidates that are as good as the best within the noise.
SELECT run, dataset_name, target,
       count(*) FILTER (tied_with_best) AS as_good_as_the_best,
       count(*) AS candidates,
       list(family ORDER BY place) FILTER (tied_with_best) AS which
FROM lab.leaderboard
GROUP BY ALL
ORDER BY as_good_as_the_best DESC, run;
