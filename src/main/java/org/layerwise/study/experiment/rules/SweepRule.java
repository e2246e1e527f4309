package org.layerwise.study.experiment.rules;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Rule by which each arm chooses among several learning rates, by the validation rows alone. */
public enum SweepRule {
    /**
     * Successive halving (Jamieson and Talwalkar 2016, arXiv 1502.07943): all rates train for a quarter of the steps,
     * the better half goes on to a half of them, and the better half of these to the end. At least two reach the end,
     * so that no rate is chosen by a part of a training. Each run has the learning rate schedule of the whole training
     * from its first step: it stops at a checkpoint and is resumed from it, and one that reaches the end is equal to an
     * unbroken run.
     */
    HALVING("halving"),
    /** All rates train to the end. */
    FULL("full");

    private static final int QUARTERS = 4;
    private static final int FINALISTS = 2;

    private final String id;

    SweepRule(String id) {
        this.id = id;
    }

    /** Returns the name in settings and files. */
    public String id() {
        return id;
    }

    /** Returns the rule of a name. */
    public static Optional<SweepRule> of(String id) {
        return Arrays.stream(values()).filter(rule -> rule.id.equals(id)).findFirst();
    }

    /** Returns the number of steps between the evaluations of a run of successive halving. */
    public static int every(int steps) {
        return Math.max(1, (steps + QUARTERS - 1) / QUARTERS);
    }

    /**
     * Returns the steps after which the runs of a sweep are compared, ascending; the last is the last of the training.
     *
     * @param steps number of steps of the training
     * @param rates number of learning rates
     */
    public List<Integer> rungs(int steps, int rates) {
        TreeSet<Integer> rungs = new TreeSet<>(List.of(steps));
        if (this == HALVING && rates > FINALISTS) {
            rungs.add(Math.min(steps, every(steps)));
            rungs.add(Math.min(steps, 2 * every(steps)));
        }
        return List.copyOf(rungs);
    }

    /** Returns the number of runs that go on after a comparison of several. */
    public static int survivors(int runs) {
        return Math.min(runs, Math.max(FINALISTS, (runs + 1) / 2));
    }

    /** Returns the number of times that runs of an arm are begun or resumed in its sweep. */
    public int starts(int steps, int rates) {
        int starts = 0;
        int left = rates;
        for (int ignored : rungs(steps, rates)) {
            starts += left;
            left = survivors(left);
        }
        return starts;
    }

    /** Returns the number of whole trainings that an arm's sweep takes, by its steps; 0 for a single rate. */
    public double trainings(int steps, int rates) {
        double trainings = 0;
        int before = 0;
        int left = rates > 1 ? rates : 0;
        for (int rung : rungs(steps, rates)) {
            trainings += left * (double) (rung - before) / steps;
            before = rung;
            left = survivors(left);
        }
        return trainings;
    }
}
