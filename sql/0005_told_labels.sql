-- Labels that people bring: what a model reached on a request, and the tier that would have been right.

COMMENT ON TABLE routing_labels IS 'What was told of a decision from outside of it: by what came after it, or by labels that were brought in; never mixed with feedback';
COMMENT ON COLUMN routing_labels.source IS 'Who says so: implicit:error, implicit:cut_answer, implicit:asked_again, implicit:escalated; label:MODEL what that model reached; label the tier alone';
COMMENT ON COLUMN routing_labels.tier IS 'The tier that the signal speaks for, or that was brought in; null where none is named';
COMMENT ON COLUMN routing_labels.value IS 'Strength of a signal, or score of the model, 0 to 1; null where only a tier was brought in';
