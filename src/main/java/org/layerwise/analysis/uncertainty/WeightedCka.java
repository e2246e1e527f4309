package org.layerwise.analysis.uncertainty;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.layerwise.base.Progress;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * CKA of each layer's input and output for examples that are drawn w_i times, N in total, without building the Grams of
 * the draws. With {@code P_ij = K_ij L_ij}, {@code u = K w} and {@code v = L w} the HSIC of a draw is
 *
 * <pre>tr(K H L H) = w'P w - 2/N sum w_i u_i v_i + (sum w_i u_i)(sum w_i v_i) / N^2</pre>
 *
 * and the unbiased HSIC (Song et al., JMLR 13, 2012) has the same form with N-1 and N-2 and without the examples'
 * similarities to themselves. Both follow from the same products. All draws are columns of one matrix, so that a hidden
 * state costs three matrix products. Two copies of one example are not a pair of examples: their similarity is left
 * out. Otherwise a draw with replacement would contain many pairs of identical examples, which raise the biased HSIC
 * and break the unbiased one. An example's similarity to itself counts once per copy.
 *
 * <p>A draw in which a hidden state is constant is undefined, and so is the unbiased form of a draw in which all
 * examples but one are alike. Their self-HSIC is rounding, or an effect of the copies.
 *
 * @param n number of examples
 * @param kernels kernels of the hidden states, one more than layers
 * @param unbiased true if the measure itself is debiased CKA
 */
record WeightedCka(int n, List<Optional<CentredKernel>> kernels, boolean unbiased) implements LayerStatistic {

    private static final int COLUMNS = 256;

    @Override
    public int samples() {
        return n;
    }

    @Override
    public int layers() {
        return kernels.size() - 1;
    }

    @Override
    public Drawn importance(List<double[]> weights, Progress progress) {
        double[][] debiased = new double[layers()][weights.size()];
        Drawn found = new Drawn(unbiased ? debiased : new double[layers()][weights.size()], debiased);
        for (int from = 0; from < weights.size(); from += COLUMNS) {
            int to = Math.min(from + COLUMNS, weights.size());
            Progress part = progress.part((double) from / weights.size(), (double) to / weights.size());
            block(weights.subList(from, to), found, from, part);
        }
        return found;
    }

    private void block(List<double[]> weights, Drawn found, int from, Progress progress) {
        double[] flat = new double[n * weights.size()];
        for (int draw = 0; draw < weights.size(); draw++) {
            System.arraycopy(weights.get(draw), 0, flat, draw * n, n);
        }
        Deque<State> open = new ArrayDeque<>();
        try (INDArray columns = Nd4j.createFromArray(flat).reshape('f', n, weights.size());
                INDArray product = Nd4j.create(DataType.DOUBLE, new long[] {n, weights.size()}, 'f')) {
            Optional<State> before = Optional.empty();
            for (int state = 0; state < kernels.size(); state++) {
                progress.check();
                progress.report(
                        (double) state / kernels.size(),
                        "Resampling the examples for hidden state %s".formatted(state));
                Optional<State> now = Optional.empty();
                if (kernels.get(state).isPresent()) {
                    now = Optional.of(state(kernels.get(state).orElseThrow(), weights, columns, product));
                    open.add(now.orElseThrow());
                }
                if (state > 0 && before.isPresent() && now.isPresent()) {
                    progress.check();
                    State left = before.orElseThrow();
                    State right = now.orElseThrow();
                    Hsic cross = hsic(left, right, weights, columns, product);
                    put(found.debiased()[state - 1], from, cross.debiased, left.self.debiased, right.self.debiased);
                    if (!unbiased) {
                        put(found.measured()[state - 1], from, cross.biased, left.self.biased, right.self.biased);
                    }
                } else if (state > 0) {
                    Arrays.fill(found.debiased()[state - 1], from, from + weights.size(), Double.NaN);
                    Arrays.fill(found.measured()[state - 1], from, from + weights.size(), Double.NaN);
                }
                before = now;
                while (open.size() > 1) {
                    open.remove().close();
                }
            }
        } finally {
            open.forEach(State::close);
        }
    }

    private static void put(double[] importance, int from, double[] cross, double[] left, double[] right) {
        for (int draw = 0; draw < cross.length; draw++) {
            boolean defined = left[draw] > 0 && right[draw] > 0;
            importance[from + draw] = defined ? 1 - cross[draw] / Math.sqrt(left[draw] * right[draw]) : Double.NaN;
        }
    }

    /** HSIC of each draw: the biased one times N^2, and the unbiased one times N (N-3). */
    private record Hsic(double[] biased, double[] debiased) {}

    /**
     * Hidden state during its comparison: its kernel, the products of the kernel with each draw, and its HSIC with
     * itself.
     */
    private record State(CentredKernel kernel, INDArray pairs, double[] sums, Hsic self) implements AutoCloseable {
        @Override
        public void close() {
            pairs.close();
        }
    }

    private State state(CentredKernel kernel, List<double[]> weights, INDArray columns, INDArray product) {
        INDArray pairs = Nd4j.createFromArray(kernel.pairs()).reshape('f', n, n);
        Nd4j.gemm(pairs, columns, product, false, false, 1, 0);
        double[] sums = product.data().asDouble();
        State bare = new State(kernel, pairs, sums, new Hsic(sums, sums));
        Hsic self = hsic(bare, bare, weights, columns, product);
        for (int draw = 0; draw < weights.size(); draw++) {
            int outside = kernel.alike().outsideLargest(weights.get(draw));
            if (outside < 2 || !kernel.debiasable()) {
                self.debiased[draw] = Double.NaN;
            }
            if (outside == 0) {
                self.biased[draw] = Double.NaN;
            }
        }
        return new State(kernel, pairs, sums, self);
    }

    private Hsic hsic(State left, State right, List<double[]> weights, INDArray columns, INDArray product) {
        try (INDArray pairs = left.pairs.mul(right.pairs)) {
            Nd4j.gemm(pairs, columns, product, false, false, 1, 0);
        }
        double[] shared = product.data().asDouble();
        double[] biased = new double[weights.size()];
        double[] debiased = new double[weights.size()];
        double[] none = new double[n];
        for (int draw = 0; draw < biased.length; draw++) {
            double[] w = weights.get(draw);
            double count = ArrayStatistics.sum(w);
            if (!unbiased) {
                Parts own = parts(w, draw, shared, left, right, left.kernel.own(), right.kernel.own());
                biased[draw] = own.trace - 2 * own.both / count + own.first * own.second / (count * count);
            }
            Parts apart = parts(w, draw, shared, left, right, none, none);
            debiased[draw] = apart.trace
                    - 2 * apart.both / (count - 2)
                    + apart.first * apart.second / ((count - 1) * (count - 2));
        }
        return new Hsic(biased, debiased);
    }

    /** Sums that HSIC consists of. */
    private record Parts(double trace, double both, double first, double second) {}

    /**
     * @param k examples' similarities to themselves in the left kernel; zeros to leave them out
     * @param l examples' similarities to themselves in the right kernel; zeros to leave them out
     */
    private Parts parts(double[] w, int draw, double[] shared, State left, State right, double[] k, double[] l) {
        double trace = 0;
        double both = 0;
        double first = 0;
        double second = 0;
        int at = draw * n;
        for (int i = 0; i < n; i++, at++) {
            double u = left.sums[at] + k[i];
            double v = right.sums[at] + l[i];
            trace += w[i] * (shared[at] + k[i] * l[i]);
            both += w[i] * u * v;
            first += w[i] * u;
            second += w[i] * v;
        }
        return new Parts(trace, both, first, second);
    }
}
