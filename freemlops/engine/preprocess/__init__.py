"""From raw columns to the float32 matrix that every learner takes."""
