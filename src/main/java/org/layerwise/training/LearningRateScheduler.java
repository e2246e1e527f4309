package org.layerwise.training;

import java.util.Locale;

/** Schedule of the learning rate, by the names and formulas of transformers' {@code get_scheduler}. */
public enum LearningRateScheduler {
    /** Constant learning rate; warm-up steps are ignored. */
    CONSTANT((step, schedule, rate) -> 1),
    /** Learning rate that rises during the warm-up and then is constant. */
    CONSTANT_WITH_WARMUP((step, schedule, rate) -> 1),
    /** Learning rate that rises during the warm-up and then falls linearly to 0 at the last step. */
    LINEAR((step, schedule, rate) -> Math.max(0, (double) (schedule.steps() - step) / stepsAfterWarmup(schedule))),
    /**
     * Learning rate that rises during the warm-up and then falls as half a cosine to 0 at the last step (arXiv
     * 1608.03983, equation 5).
     */
    COSINE((step, schedule, rate) -> halfCosine(done(step, schedule))),
    /**
     * Learning rate that rises during the warm-up and then falls to 0 as half a cosine several times, each time from
     * the peak (Loshchilov and Hutter, arXiv 1608.03983, with cycles of one length).
     */
    COSINE_WITH_RESTARTS((step, schedule, rate) -> {
        double done = done(step, schedule);
        return done >= 1 ? 0 : halfCosine(schedule.shape().cycles() * done % 1);
    }),
    /**
     * Learning rate that rises during the warm-up and then falls to the final rate as a power of the share of remaining
     * steps.
     */
    POLYNOMIAL((step, schedule, rate) -> {
        double end = schedule.shape().end();
        double left = Math.max(0, 1 - done(step, schedule));
        return ((rate - end) * Math.pow(left, schedule.shape().power()) + end) / rate;
    }),
    /**
     * Learning rate that rises during the warm-up and then falls with the square root of the step; without a warm-up,
     * 10,000 is added to the step. It does not depend on the total number of steps.
     */
    INVERSE_SQRT((step, schedule, rate) -> {
        int warmup = schedule.warmupSteps();
        double scale = warmup == 0 ? 10_000 : warmup;
        return 1 / Math.sqrt((step - warmup + scale) / scale);
    });

    @FunctionalInterface
    private interface Factor {
        double of(int step, TrainerSettings.Schedule schedule, double learningRate);
    }

    private final Factor afterWarmup;

    LearningRateScheduler(Factor afterWarmup) {
        this.afterWarmup = afterWarmup;
    }

    /**
     * Settings that only some schedulers use.
     *
     * @param cycles number of cycles of the cosine with restarts
     * @param power power of the polynomial
     * @param end learning rate at the end of the polynomial
     */
    public record Shape(int cycles, double power, double end) {

        /** Defaults of transformers. */
        public static final Shape DEFAULTS = new Shape(1, 1, 1e-7);
    }

    /**
     * Returns the factor of the learning rate.
     *
     * @param step number of completed steps, 0 before the first
     * @param learningRate peak learning rate, to which the end of the polynomial is compared
     */
    double factor(int step, TrainerSettings.Schedule schedule, double learningRate) {
        int warmup = schedule.warmupSteps();
        return this != CONSTANT && step < warmup
                ? (double) step / warmup
                : afterWarmup.of(step, schedule, learningRate);
    }

    /** Returns the name in settings and files. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the share of the steps after the warm-up that are done. */
    private static double done(int step, TrainerSettings.Schedule schedule) {
        return (double) (step - schedule.warmupSteps()) / stepsAfterWarmup(schedule);
    }

    private static int stepsAfterWarmup(TrainerSettings.Schedule schedule) {
        return Math.max(1, schedule.steps() - schedule.warmupSteps());
    }

    private static double halfCosine(double done) {
        return Math.max(0, 0.5 * (1 + Math.cos(Math.PI * done)));
    }
}
