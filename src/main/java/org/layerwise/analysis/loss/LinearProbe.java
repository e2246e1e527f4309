package org.layerwise.analysis.loss;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.stream.IntStream;
import org.layerwise.analysis.Matrix;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Linear map from representations to the outputs of a task, fitted in float64 by the smallest
 * {@code mean loss + penalty / 2 |parameters|^2} over representations with mean 0 and variance 1 in each dimension: logistic
 * regression for classes, ridge regression for numbers. The intercept is penalised as well, so that there is one best fit. The
 * penalty is that of {@link #PENALTIES} with the lowest loss in {@link #FOLDS}-fold cross-validation over the same rows.
 *
 * @param weights {@code [outputs, d]}, row-major
 * @param bias one number per output
 * @param penalty penalty that was chosen
 */
public record LinearProbe(int outputs, double[] weights, double[] bias, double penalty) {

    static final double[] PENALTIES = {10, 1, 0.1, 0.01, 0.001};

    static final int FOLDS = 4;

    private static final int MOST_STEPS = 500;
    private static final double FLAT = 1e-7;
    private static final int REMEMBERED = 10;
    private static final double SUFFICIENT = 1e-4;
    private static final int MOST_HALVINGS = 40;

    /**
     * Fits a classifier.
     *
     * @param x representations {@code [n, d]}; at least {@link #FOLDS} rows
     * @param classes class of each row
     * @param outputs number of classes
     * @throws org.layerwise.base.CancelledException between two steps
     */
    public static LinearProbe ofClasses(TensorEngine engine, Matrix x, int[] classes, int outputs, Progress progress) {
        double[] wanted = new double[classes.length * outputs];
        for (int row = 0; row < classes.length; row++) {
            wanted[row * outputs + classes[row]] = 1;
        }
        return new Fit(engine, x, wanted, outputs, true, progress).probe();
    }

    /**
     * Fits a map to one number.
     *
     * @param x representations {@code [n, d]}; at least {@link #FOLDS} rows
     * @param numbers number of each row
     * @throws org.layerwise.base.CancelledException between two steps
     */
    public static LinearProbe ofNumbers(TensorEngine engine, Matrix x, double[] numbers, Progress progress) {
        Scale scale = Scale.of(numbers, 1, 0);
        double[] wanted = Arrays.stream(numbers).map(scale::apply).toArray();
        LinearProbe scaled = new Fit(engine, x, wanted, 1, false, progress).probe();
        double[] weights = Arrays.stream(scaled.weights)
                .map(weight -> weight * scale.deviation)
                .toArray();
        return new LinearProbe(
                1, weights, new double[] {scaled.bias[0] * scale.deviation + scale.mean}, scaled.penalty);
    }

    /** Mean and standard deviation of a dimension; the deviation is 1 where the dimension is constant. */
    private record Scale(double mean, double deviation) {

        static Scale of(double[] values, int stride, int offset) {
            int n = values.length / stride;
            double sum = 0;
            for (int row = 0; row < n; row++) {
                sum += values[row * stride + offset];
            }
            double mean = sum / n;
            double squares = 0;
            for (int row = 0; row < n; row++) {
                double apart = values[row * stride + offset] - mean;
                squares += apart * apart;
            }
            double deviation = Math.sqrt(squares / n);
            return new Scale(mean, deviation > 0 ? deviation : 1);
        }

        double apply(double value) {
            return (value - mean) / deviation;
        }
    }

    /** Computation of a fit. */
    private static final class Fit {

        private final TensorEngine engine;
        private final double[] wanted;
        private final int outputs;
        private final boolean classes;
        private final Progress progress;
        private final int rows;
        private final int width;
        private final Scale[] scales;
        private final double[] x;

        Fit(TensorEngine engine, Matrix given, double[] wanted, int outputs, boolean classes, Progress progress) {
            this.engine = engine;
            this.wanted = wanted;
            this.outputs = outputs;
            this.classes = classes;
            this.progress = progress;
            this.rows = given.rows();
            this.width = given.columns() + 1;
            double[] values = new double[given.values().length];
            Arrays.setAll(values, i -> given.values()[i]);
            this.scales = IntStream.range(0, given.columns())
                    .mapToObj(column -> Scale.of(values, given.columns(), column))
                    .toArray(Scale[]::new);
            this.x = new double[rows * width];
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column + 1 < width; column++) {
                    x[row * width + column] = scales[column].apply(values[row * (width - 1) + column]);
                }
                x[row * width + width - 1] = 1;
            }
        }

        LinearProbe probe() {
            double[] losses = new double[PENALTIES.length];
            for (int fold = 0; fold < FOLDS; fold++) {
                int left = fold;
                int[] fitted = IntStream.range(0, rows)
                        .filter(row -> row % FOLDS != left)
                        .toArray();
                int[] held = IntStream.range(0, rows)
                        .filter(row -> row % FOLDS == left)
                        .toArray();
                double[] parameters = new double[outputs * width];
                for (int i = 0; i < PENALTIES.length; i++) {
                    double size = FOLDS * PENALTIES.length;
                    progress.report(
                            (fold * PENALTIES.length + i) / size, "Fitting a classifier to the representations");
                    parameters = fit(fitted, PENALTIES[i], parameters);
                    losses[i] += held.length * at(held, parameters, 0).value();
                }
            }
            int best = IntStream.range(0, PENALTIES.length)
                    .reduce((one, other) -> losses[other] < losses[one] ? other : one)
                    .orElseThrow();
            double[] parameters = fit(IntStream.range(0, rows).toArray(), PENALTIES[best], new double[outputs * width]);
            return unscaled(parameters, PENALTIES[best]);
        }

        private LinearProbe unscaled(double[] parameters, double penalty) {
            double[] weights = new double[outputs * (width - 1)];
            double[] bias = new double[outputs];
            for (int output = 0; output < outputs; output++) {
                bias[output] = parameters[output * width + width - 1];
                for (int column = 0; column + 1 < width; column++) {
                    double weight = parameters[output * width + column] / scales[column].deviation;
                    weights[output * (width - 1) + column] = weight;
                    bias[output] -= weight * scales[column].mean;
                }
            }
            return new LinearProbe(outputs, weights, bias, penalty);
        }

        /** Minimises by L-BFGS (Liu and Nocedal, 1989) with halved steps. */
        private double[] fit(int[] some, double penalty, double[] start) {
            double[] parameters = start.clone();
            Deque<Step> steps = new ArrayDeque<>();
            Point point = at(some, parameters, penalty);
            for (int step = 0; step < MOST_STEPS && largest(point.gradient) > FLAT; step++) {
                progress.check();
                double[] direction = direction(point.gradient, steps);
                double slope = dot(direction, point.gradient);
                double length = steps.isEmpty() ? 1 / Math.max(1, Math.sqrt(-slope)) : 1;
                double[] next = moved(parameters, direction, length);
                Point reached = at(some, next, penalty);
                for (int halving = 0;
                        !(reached.value <= point.value + SUFFICIENT * length * slope) && halving < MOST_HALVINGS;
                        halving++) {
                    length /= 2;
                    next = moved(parameters, direction, length);
                    reached = at(some, next, penalty);
                }
                if (!(reached.value < point.value)) {
                    return parameters; // rounding allows no better value
                }
                Step made = new Step(moved(next, parameters, -1), moved(reached.gradient, point.gradient, -1));
                if (dot(made.moved, made.turned) > 0) {
                    steps.addLast(made);
                    if (steps.size() > REMEMBERED) {
                        steps.removeFirst();
                    }
                }
                parameters = next;
                point = reached;
            }
            return parameters;
        }

        private static double[] direction(double[] gradient, Deque<Step> steps) {
            double[] direction = gradient.clone();
            double[] shares = new double[steps.size()];
            int at = steps.size();
            for (Iterator<Step> last = steps.descendingIterator(); last.hasNext(); ) {
                Step step = last.next();
                shares[--at] = dot(step.moved, direction) / dot(step.moved, step.turned);
                direction = moved(direction, step.turned, -shares[at]);
            }
            if (!steps.isEmpty()) {
                Step last = steps.getLast();
                double scale = dot(last.moved, last.turned) / dot(last.turned, last.turned);
                direction = Arrays.stream(direction).map(value -> scale * value).toArray();
            }
            for (Step step : steps) {
                double share = dot(step.turned, direction) / dot(step.moved, step.turned);
                direction = moved(direction, step.moved, shares[at++] - share);
            }
            return Arrays.stream(direction).map(value -> -value).toArray();
        }

        /** Returns mean loss and gradient over some rows. */
        private Point at(int[] some, double[] parameters, double penalty) {
            try (Scope scope = engine.inference()) {
                double[] chosen = new double[some.length * width];
                for (int i = 0; i < some.length; i++) {
                    System.arraycopy(x, some[i] * width, chosen, i * width, width);
                }
                Tensor given = engine.of(chosen, some.length, width);
                double[] outs = given.matmul(
                                engine.of(parameters, outputs, width).transpose())
                        .doubles();
                double value = penalty / 2 * dot(parameters, parameters);
                double[] residuals = new double[outs.length];
                for (int i = 0; i < some.length; i++) {
                    value += (classes
                                    ? crossEntropy(outs, i * outputs, some[i] * outputs, residuals)
                                    : square(outs, i, some[i], residuals))
                            / some.length;
                }
                double[] sums = engine.of(residuals, some.length, outputs)
                        .transpose()
                        .matmul(given)
                        .doubles();
                double[] gradient = new double[parameters.length];
                Arrays.setAll(gradient, i -> sums[i] / some.length + penalty * parameters[i]);
                return new Point(value, gradient);
            }
        }

        private double crossEntropy(double[] outs, int from, int label, double[] residuals) {
            double largest = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < outputs; i++) {
                largest = Math.max(largest, outs[from + i]);
            }
            double sum = 0;
            for (int i = 0; i < outputs; i++) {
                sum += Math.exp(outs[from + i] - largest);
            }
            double normaliser = largest + Math.log(sum);
            double loss = normaliser;
            for (int i = 0; i < outputs; i++) {
                residuals[from + i] = Math.exp(outs[from + i] - normaliser) - wanted[label + i];
                loss -= wanted[label + i] * outs[from + i];
            }
            return loss;
        }

        private double square(double[] outs, int at, int row, double[] residuals) {
            double apart = outs[at] - wanted[row];
            residuals[at] = 2 * apart;
            return apart * apart;
        }
    }

    private record Point(double value, double[] gradient) {}

    private record Step(double[] moved, double[] turned) {}

    private static double[] moved(double[] from, double[] along, double length) {
        double[] sum = new double[from.length];
        Arrays.setAll(sum, i -> from[i] + length * along[i]);
        return sum;
    }

    private static double dot(double[] one, double[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += one[i] * other[i];
        }
        return sum;
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElse(0);
    }
}
