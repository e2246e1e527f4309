package org.layerwise.training;

import java.util.Locale;

/** How the learning rate goes with the steps, by the names and formulas of transformers' {@code get_scheduler}. */
public enum Scheduler {
    /** The same all the time; warm-up steps are ignored. */
    CONSTANT {
        @Override
        double afterWarmup(int step, int warmup, int total) {
            return 1;
        }

        @Override
        public double factor(int step, int warmup, int total) {
            return 1;
        }
    },
    /** Rises during the warm-up, then stays. */
    CONSTANT_WITH_WARMUP {
        @Override
        double afterWarmup(int step, int warmup, int total) {
            return 1;
        }
    },
    /** Rises during the warm-up, then falls in a straight line to 0 at the last step. */
    LINEAR {
        @Override
        double afterWarmup(int step, int warmup, int total) {
            return Math.max(0, (double) (total - step) / Math.max(1, total - warmup));
        }
    },
    /** Rises during the warm-up, then falls as half a cosine to 0 at the last step. */
    COSINE {
        @Override
        double afterWarmup(int step, int warmup, int total) {
            double done = (double) (step - warmup) / Math.max(1, total - warmup);
            return Math.max(0, 0.5 * (1 + Math.cos(Math.PI * done)));
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

    abstract double afterWarmup(int step, int warmup, int total);

    /**
     * What the learning rate is multiplied with.
     *
     * @param step the number of steps already taken, 0 before the first
     * @param warmup the number of warm-up steps
     * @param total the number of all steps
     */
    public double factor(int step, int warmup, int total) {
        return step < warmup ? (double) step / Math.max(1, warmup) : afterWarmup(step, warmup, total);
    }

    /** The word used in settings and files. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
