package org.layerwise.study.experiment.rules;

import java.util.ArrayList;
import java.util.List;

/**
 * Relation of an experiment to its plan.
 *
 * @param sha256 SHA-256 hash of the plan; empty if there is none
 * @param seeds number of seeds of the plan, or of the experiment if there is none
 * @param deviations reasons for which the experiment is exploratory, in words that follow "since"; empty if it follows
 *     its plan
 * @param notes sentences on changes that a plan allows
 */
public record PlanStatus(String sha256, int seeds, List<String> deviations, List<String> notes) {

    public PlanStatus {
        deviations = List.copyOf(deviations);
        notes = List.copyOf(notes);
    }

    /** Returns true if the experiment has no plan, or does not follow it. */
    public boolean isExploratory() {
        return !deviations.isEmpty();
    }

    /** Returns the sentences for the report. */
    public List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        sentences.add(
                isExploratory()
                        ? "Exploratory: %s. Confirm what it suggests with an experiment that follows a plan."
                                .formatted(String.join("; ", deviations))
                        : "The plan was saved before the first final run (plan.yaml, SHA-256 %s).".formatted(sha256));
        sentences.addAll(notes);
        return sentences;
    }
}
