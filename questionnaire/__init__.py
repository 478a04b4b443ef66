"""A questionnaire that links a runner's answers to the muscle groups one article names."""
