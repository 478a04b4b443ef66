"""Answers that the browser tests show, from the shortest result to the longest."""

EVERY_GROUP = "glutes quads core hamstrings calves"

TYPICAL = {
    "bothers": "knee shin tight-front-thighs",
    "effect": "full-with-problem",
    "duration": "1-to-6-weeks",
    "training": "distance",
    "strengthens": "glutes",
    "time": "one-group",
}
TEN_REASONS = {
    "bothers": "knee hips tight-hamstrings",
    "effect": "could-not-run",
    "duration": "over-3-months",
    "training": "distance intensity frequency",
    "noticed": "weak-core hamstrings-weaker glutes-off unwanted-movements",
    "strengthens": EVERY_GROUP,
    "time": "some",
}
LARGEST = {
    "health": "pregnancy pelvic low-energy",
    "bothers": "tight-hamstrings tight-front-thighs lower-back hips pelvis knee shin calf achilles"
    " elsewhere",
    "effect": "could-not-run",
    "duration": "over-3-months",
    "training": "distance intensity frequency",
    "noticed": "glutes-off quads-strong-and-tight hamstrings-weaker weak-core unwanted-movements",
    "strengthens": EVERY_GROUP,
    "time": "one-group",
}
STOP = {"warnings": "chest-now heel-pop foot-slap", "bothers": "knee", "training": "distance"}
ALL_STOPS = {
    "warnings": "chest-now back-numb leg-injury dark-pee chest-passed heel-pop joint leg-swollen"
    " fever antibiotic bone-pain foot-slap night-pain"
}
RESULTS = {
    "nothing": {},
    "typical": TYPICAL,
    "ten reasons": TEN_REASONS,
    "largest": LARGEST,
    "stop": STOP,
    "all stops": ALL_STOPS,
}
