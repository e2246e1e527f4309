package org.layerwise.bench;

import org.layerwise.base.file.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.analysis.Matrix;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SampleModel;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.model.TransformerModel;
import org.layerwise.tensor.DType;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The analysis' two costs, beside the machine's own limit and beside the reference's way, in one process. */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 4, time = 4)
@Fork(1)
public class Speed {

    /** Multiplications and additions of one 2048 x 2048 matrix product. */
    static final double MATMUL_FLOP = 2.0 * 2048 * 2048 * 2048;

    private static final int ROWS = 32;
    private static final int TOKENS = 128;
    private static final int SAMPLES = 512;

    private TensorEngine engine;
    private Path folder;
    private TransformerModel model;
    private TransformerModel wide;
    private TokenBatch batch;
    private Representations representations;

    /** The width of the sample model. */
    static final int WIDTH = 384;

    /** The width of BERT-base and its like. */
    static final int WIDER = 768;

    /** Linear maps of a BERT of 12 layers alone: what a forward pass cannot do without. */
    static double linearFlop(int width) {
        return 2.0 * ROWS * TOKENS * 12 * 12 * width * width;
    }

    /** The same with the two matrix products of the attention. */
    static double allFlop(int width) {
        return linearFlop(width) + 2.0 * ROWS * TOKENS * 12 * 2 * TOKENS * width;
    }

    @Setup
    public void open() throws IOException {
        engine = TensorEngine.start();
        folder = Files.createTempDirectory("layerwise-bench");
        model = TransformerModel.load(
                engine, Checkpoint.open(SampleModel.provide(folder, Progress.none())), Device.CPU, Progress.none());
        Path wider = Files.createDirectories(folder.resolve("wide"));
        RandomCheckpoint.bert(wider, WIDER);
        wide = TransformerModel.load(engine, Checkpoint.open(wider), Device.CPU, Progress.none());
        long[] ids = new long[ROWS * TOKENS];
        Arrays.setAll(ids, i -> 1000 + i % 20_000);
        long[] mask = new long[ids.length];
        Arrays.fill(mask, 1);
        batch = new TokenBatch(ROWS, TOKENS, ids, new long[ids.length], mask);
        Random random = new Random(1);
        List<Matrix> layers = new ArrayList<>();
        for (int state = 0; state <= 12; state++) {
            float[] values = new float[SAMPLES * 384];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            layers.add(new Matrix(SAMPLES, 384, values));
        }
        representations = new Representations(Position.FIRST, layers);
    }

    @TearDown
    public void close() {
        model.close();
        wide.close();
        Folders.delete(folder);
    }

    @Benchmark
    public double matmul() {
        try (Scope scope = engine.inference()) {
            Tensor x = engine.zeros(DType.F32, Device.CPU, 2048, 2048);
            return x.matmul(x).select(0, 0).select(0, 0).item();
        }
    }

    @Benchmark
    public double forward() {
        return forward(model);
    }

    @Benchmark
    public double forwardWide() {
        return forward(wide);
    }

    private double forward(TransformerModel of) {
        try (Scope scope = engine.inference()) {
            return of.transformer()
                    .forward(of.input(batch))
                    .select(0, 0)
                    .select(0, 0)
                    .select(0, 0)
                    .item();
        }
    }

    @Benchmark
    public SimilarityMatrix allPairsOurs() {
        return new LinearCka(engine).allPairs(representations, Device.CPU, Progress.none(), partial -> {});
    }

    /** What the paper's script does for a pair, for all pairs: centre both, three products of features, in float32. */
    @Benchmark
    public double allPairsAsTheReference() {
        double sum = 0;
        try (Scope scope = engine.inference()) {
            for (Matrix left : representations.layers()) {
                for (Matrix right : representations.layers()) {
                    try (Scope inner = engine.scope()) {
                        Tensor x = centred(left);
                        Tensor y = centred(right);
                        double cross = x.transpose().matmul(y).norm().item();
                        double own = x.transpose().matmul(x).norm().item()
                                * y.transpose().matmul(y).norm().item();
                        sum += cross * cross / own;
                    }
                }
            }
        }
        return sum;
    }

    private Tensor centred(Matrix matrix) {
        Tensor x = engine.of(matrix.values(), matrix.rows(), matrix.columns());
        return x.sub(x.mean(0, true));
    }
}
