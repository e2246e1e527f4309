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
 * CKA of each layer's input and output for examples drawn w_i times, N in all, without building the Grams of the draws: with
 * {@code P_ij = K_ij L_ij}, {@code u = K w} and {@code v = L w} the HSIC of a draw is
 *
 * <pre>tr(K H L H) = w'P w - 2/N sum w_i u_i v_i + (sum w_i u_i)(sum w_i v_i) / N^2</pre>
 *
 * and the unbiased one (Song et al., JMLR 13, 2012) likewise with N-1 and N-2. All draws are columns of one matrix, so that
 * a hidden state costs three matrix products. Two copies of one example are no pair of examples: their similarity is left
 * out, since a draw with replacement would else be full of pairs that are exactly alike, which raises the biased HSIC and
 * breaks the unbiased one. An example's similarity to itself counts once a copy.
 */
final class CkaStatistic implements LayerStatistic {

    private static final int COLUMNS = 256;

    private final int n;
    private final List<Optional<Kernel>> kernels;
    private final boolean unbiased;

    /** @param kernels of the hidden states, one more than layers */
    CkaStatistic(int samples, List<Optional<Kernel>> kernels, boolean unbiased) {
        this.n = samples;
        this.kernels = kernels;
        this.unbiased = unbiased;
    }

    @Override
    public int samples() {
        return n;
    }

    @Override
    public int layers() {
        return kernels.size() - 1;
    }

    @Override
    public double[][] importance(List<double[]> weights, Progress progress) {
        double[][] found = new double[layers()][weights.size()];
        for (int from = 0; from < weights.size(); from += COLUMNS) {
            int to = Math.min(from + COLUMNS, weights.size());
            Progress part = progress.part((double) from / weights.size(), (double) to / weights.size());
            block(weights.subList(from, to), found, from, part);
        }
        return found;
    }

    private void block(List<double[]> weights, double[][] found, int from, Progress progress) {
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
                    double[] cross = hsic(before.orElseThrow(), now.orElseThrow(), weights, columns, product);
                    for (int draw = 0; draw < cross.length; draw++) {
                        double norm = now.orElseThrow().self[draw] * before.orElseThrow().self[draw];
                        found[state - 1][from + draw] = norm > 0 && now.orElseThrow().self[draw] > 0
                                ? 1 - cross[draw] / Math.sqrt(norm)
                                : Double.NaN;
                    }
                } else if (state > 0) {
                    Arrays.fill(found[state - 1], from, from + weights.size(), Double.NaN);
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

    /** A hidden state while it is compared: its kernel, what it makes of each draw, and its HSIC with itself. */
    private record State(Kernel kernel, INDArray pairs, double[] sums, double[] self) implements AutoCloseable {
        @Override
        public void close() {
            pairs.close();
        }
    }

    private State state(Kernel kernel, List<double[]> weights, INDArray columns, INDArray product) {
        INDArray pairs = Nd4j.createFromArray(kernel.pairs()).reshape('f', n, n);
        Nd4j.gemm(pairs, columns, product, false, false, 1, 0);
        double[] sums = product.data().asDouble();
        for (int draw = 0; draw < weights.size(); draw++) {
            for (int i = 0; i < n; i++) {
                sums[draw * n + i] += kernel.own()[i];
            }
        }
        State bare = new State(kernel, pairs, sums, sums);
        return new State(kernel, pairs, sums, hsic(bare, bare, weights, columns, product));
    }

    /** N^2 times the HSIC of each draw. */
    private double[] hsic(State left, State right, List<double[]> weights, INDArray columns, INDArray product) {
        try (INDArray pairs = left.pairs.mul(right.pairs)) {
            Nd4j.gemm(pairs, columns, product, false, false, 1, 0);
        }
        double[] shared = product.data().asDouble();
        double[] found = new double[weights.size()];
        double[] k = left.kernel.own();
        double[] l = right.kernel.own();
        for (int draw = 0; draw < found.length; draw++) {
            double[] w = weights.get(draw);
            double trace = 0;
            double both = 0;
            double first = 0;
            double second = 0;
            double count = 0;
            int at = draw * n;
            for (int i = 0; i < n; i++, at++) {
                double u = left.sums[at];
                double v = right.sums[at];
                count += w[i];
                trace += w[i] * (shared[at] + k[i] * l[i]);
                both += w[i] * u * v;
                first += w[i] * u;
                second += w[i] * v;
            }
            found[draw] = unbiased
                    ? trace - 2 * both / (count - 2) + first * second / ((count - 1) * (count - 2))
                    : trace - 2 * both / count + first * second / (count * count);
        }
        return found;
    }
}
