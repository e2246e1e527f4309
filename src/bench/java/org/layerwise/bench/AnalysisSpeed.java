package org.layerwise.bench;

import org.layerwise.base.file.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.extraction.RepresentationExtractor;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.base.Progress;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.TransformerModel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.TensorEngine;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A whole analysis with the sample model, representations and the similarity of all pairs of layers, in our way and in
 * others, in one process. Sentences are the first 128 of the file that {@code -Dlayerwise.bench.sentences} names (a column
 * {@code sentence}), paragraphs the first 32 of {@code -Dlayerwise.bench.paragraphs} (a column {@code question}); without them
 * those of the sample definitions.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 8)
@Fork(0)
public class AnalysisSpeed {

    private static final int SENTENCES = 128;
    private static final int PARAGRAPHS = 32;

    /** The default of {@code batch_size} in the paper's {@code select_layers_encoder.py}. */
    private static final int REFERENCE_BATCH = 256;

    private TensorEngine engine;
    private Path folder;
    private TransformerModel model;
    private TransformerModel half;
    private TokenizedDataset sentences;
    private TokenizedDataset paragraphs;

    @Setup
    public void open() throws IOException {
        engine = TensorEngine.start();
        folder = Files.createTempDirectory("layerwise-bench");
        model = BenchData.model(engine, folder, Speed.WIDTH, DType.F32);
        half = BenchData.model(engine, folder, Speed.WIDTH, DType.BF16);
        sentences = BenchData.rows(folder, System.getProperty("layerwise.bench.sentences", ""), "sentence", SENTENCES);
        paragraphs = BenchData.paragraphs(
                folder, System.getProperty("layerwise.bench.paragraphs", ""), "question", PARAGRAPHS);
    }

    @TearDown
    public void close() {
        model.close();
        half.close();
        Folders.delete(folder);
    }

    @Benchmark
    public SimilarityMatrix sentencesOurs() {
        return analyse(model, sentences, ours(model, sentences));
    }

    @Benchmark
    public SimilarityMatrix sentencesBf16() {
        return analyse(half, sentences, ours(half, sentences));
    }

    /** As the paper's code does it: every row padded to 512 tokens, in batches of 256. */
    @Benchmark
    @Warmup(iterations = 0)
    @Measurement(iterations = 2)
    public SimilarityMatrix sentencesPadded() {
        return analyse(model, sentences, padded(sentences));
    }

    @Benchmark
    public SimilarityMatrix paragraphsOurs() {
        return analyse(model, paragraphs, ours(model, paragraphs));
    }

    @Benchmark
    public SimilarityMatrix paragraphsBf16() {
        return analyse(half, paragraphs, ours(half, paragraphs));
    }

    @Benchmark
    public SimilarityMatrix paragraphsLongestOf8() {
        return analyse(model, paragraphs, Batches.inOrder(paragraphs, model.config().rowPadding(), 8));
    }

    @Benchmark
    public SimilarityMatrix paragraphsLongestOf32() {
        return analyse(model, paragraphs, Batches.inOrder(paragraphs, model.config().rowPadding(), 32));
    }

    /** The largest difference of a number in the representations of padded rows and of ours. */
    double differenceOfPadding() throws IOException {
        open();
        Representations expected = represent(model, sentences, padded(sentences));
        Representations actual = represent(model, sentences, ours(model, sentences));
        double largest = 0;
        for (int state = 0; state < expected.layers().size(); state++) {
            float[] left = expected.layers().get(state).values();
            float[] right = actual.layers().get(state).values();
            for (int i = 0; i < left.length; i++) {
                largest = Math.max(largest, Math.abs(left[i] - right[i]));
            }
        }
        close();
        return largest;
    }

    private static List<Batch> ours(TransformerModel of, TokenizedDataset data) {
        return Batches.forDevice(data, of.config(), of.device(), of.transformer().type());
    }

    private List<Batch> padded(TokenizedDataset data) {
        return Batches.padded(data, model.config().rowPadding(), REFERENCE_BATCH, BenchData.LONGEST);
    }

    private static Representations represent(TransformerModel of, TokenizedDataset data, List<Batch> batches) {
        return new RepresentationExtractor(of)
                .extract(data, batches, Position.FIRST, false, Progress.none())
                .representations();
    }

    private SimilarityMatrix analyse(TransformerModel of, TokenizedDataset data, List<Batch> batches) {
        return new LinearCka(engine)
                .allPairs(represent(of, data, batches), Device.CPU, Progress.none(), partial -> {});
    }
}
