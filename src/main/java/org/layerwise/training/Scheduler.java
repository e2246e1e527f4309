package org.layerwise.training;

import java.util.Locale;

/** How the learning rate goes with the steps, by the names and formulas of transformers' {@code get_scheduler}. */
public enum Scheduler {
    /** The same all the time; warm-up steps are ignored. */
    CONSTANT {
        @Override
        double factor(int step, TrainerSettings.Schedule schedule, double learningRate) {
            return 1;
        }
    },
    /** Rises during the warm-up, then stays. */
    CONSTANT_WITH_WARMUP,
    /** Rises during the warm-up, then falls in a straight line to 0 at the last step. */
    LINEAR {
        @Override
        double afterWarmup(int step, TrainerSettings.Schedule schedule, double learningRate) {
            return Math.max(0, (double) (schedule.steps() - step) / stepsAfterWarmup(schedule));
        }
    },
    /** Rises during the warm-up, then falls as half a cosine to 0 at the last step (arXiv 1608.03983, equation 5). */
    COSINE {
        @Override
        double afterWarmup(int step, TrainerSettings.Schedule schedule, double learningRate) {
            return halfCosine(done(step, schedule));
        }
    },
    /**
     * Rises during the warm-up, then falls to 0 as half a cosine several times, from the highest rate each time (Loshchilov
     * and Hutter, arXiv 1608.03983, with cycles of one length).
     */
    COSINE_WITH_RESTARTS {
        @Override
        double afterWarmup(int step, TrainerSettings.Schedule schedule, double learningRate) {
            double done = done(step, schedule);
            return done >= 1 ? 0 : halfCosine(schedule.shape().cycles() * done % 1);
        }
    },
    /** Rises during the warm-up, then falls to the end rate as a power of the share of steps that are left. */
    POLYNOMIAL {
        @Override
        double afterWarmup(int step, TrainerSettings.Schedule schedule, double learningRate) {
            double end = schedule.shape().end();
            double left = Math.max(0, 1 - done(step, schedule));
            return ((learningRate - end) * Math.pow(left, schedule.shape().power()) + end) / learningRate;
        }
    },
    /**
     * Rises during the warm-up, then falls with the square root of the step; without a warm-up as if the step were 10,000
     * more. It does not depend on the number of all steps.
     */
    INVERSE_SQRT {
        @Override
        double afterWarmup(int step, TrainerSettings.Schedule schedule, double learningRate) {
            int warmup = schedule.warmupSteps();
            double scale = warmup == 0 ? 10_000 : warmup;
            return 1 / Math.sqrt((step - warmup + scale) / scale);
        }
    };

    /**
     * What only some schedulers look at.
     *
     * @param cycles of the cosine with restarts
     * @param power of the polynomial
     * @param end the learning rate that the polynomial falls to
     */
    public record Shape(int cycles, double power, double end) {

        /** The defaults of transformers. */
        public static final Shape USUAL = new Shape(1, 1, 1e-7);
    }

    double factor(int step, TrainerSettings.Schedule schedule, double learningRate) {
        int warmup = schedule.warmupSteps();
        return step < warmup ? (double) step / warmup : afterWarmup(step, schedule, learningRate);
    }

    double afterWarmup(int step, TrainerSettings.Schedule schedule, double learningRate) {
        return 1;
    }

    /** The word used in settings and files. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The share of the steps after the warm-up that are done. */
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
