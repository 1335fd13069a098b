-- title: How often does each family win?
-- about: First places on the leaderboards, and how often a family was as good as the first.
SELECT family,
       count(*) FILTER (place = 1) AS first_places,
       count(*) FILTER (tied_with_best) AS as_good_as_the_best,
       count(DISTINCT run) AS runs
FROM lab.leaderboard
GROUP BY family
ORDER BY first_places DESC, family;
