package org.layerwise.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.layerwise.analysis.Matrix;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Linear CKA of a 7B decoder's hidden states, M = 32, n = 512, d = 4096, beside the reference's way, of which one pair is
 * timed and scaled: all of them take minutes.
 */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 5)
@Fork(1)
public class CkaSpeed {

    /** Hidden states, M + 1. */
    static final int STATES = 33;

    private static final int SAMPLES = 512;
    private static final int WIDTH = 4096;

    private TensorEngine engine;
    private Representations representations;

    @Setup
    public void make() {
        engine = TensorEngine.start();
        Random random = new Random(1);
        List<Matrix> layers = new ArrayList<>();
        for (int state = 0; state < STATES; state++) {
            float[] values = new float[SAMPLES * WIDTH];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            layers.add(new Matrix(SAMPLES, WIDTH, values));
        }
        representations = new Representations(Position.LAST, layers);
    }

    @Benchmark
    public SimilarityMatrix allPairs() {
        return new LinearCka(engine).allPairs(representations, Device.CPU, Progress.none(), partial -> {});
    }

    /** What the paper's script does for a pair: centre both, three products of features, in float32. */
    @Benchmark
    public double pairAsTheReference() {
        try (Scope scope = engine.inference()) {
            Tensor x = centred(representations.layers().get(0));
            Tensor y = centred(representations.layers().get(1));
            double cross = x.transpose().matmul(y).norm().item();
            double own = x.transpose().matmul(x).norm().item()
                    * y.transpose().matmul(y).norm().item();
            return cross * cross / own;
        }
    }

    private Tensor centred(Matrix matrix) {
        Tensor x = engine.of(matrix.values(), matrix.rows(), matrix.columns());
        return x.sub(x.mean(0, true));
    }
}
