"""The mathematics of evaluation on stored answers: numpy in, the domain's plain data out."""
