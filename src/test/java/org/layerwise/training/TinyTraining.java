package org.layerwise.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;
import org.layerwise.data.image.ImagePreprocessor;
import org.layerwise.data.image.ImageSource;
import org.layerwise.data.token.RowImages;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.LoraConfig;
import org.layerwise.lora.PlainLora;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;
import org.layerwise.testing.Optimisers;

/** A tiny model of the fixtures with rows of several lengths, twice over, to be trained in one way or another. */
final class TinyTraining implements AutoCloseable {

    /** Folder for files that live as long as a training. */
    static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

    static final int LABELS = 3;

    final TensorEngine engine;
    final TransformerModel base;
    final TokenizedDataset data;
    final Objective objective;

    private final boolean tokens;

    /** @param fixture one whose labels are a row of tokens each is trained as a language model */
    TinyTraining(TensorEngine engine, String fixture, DType type) {
        this(engine, fixture, type, Engines.device());
    }

    TinyTraining(TensorEngine engine, String fixture, DType type, Device device) {
        this.engine = engine;
        this.base = TransformerModel.load(
                engine,
                ModelBlueprint.read(engine, Checkpoint.open(Golden.folder(fixture))),
                device,
                type,
                Progress.none());
        try (SafetensorsFile golden =
                SafetensorsFile.open(Golden.folder(fixture).resolve("golden.safetensors"))) {
            TokenBatch batch = Golden.batch(golden);
            this.tokens = golden.entry("labels").elements() > batch.size();
            List<TokenRow> rows = rows(batch);
            Labels labels = tokens ? tokenLabels(rows) : classes(rows.size());
            this.objective = tokens
                    ? new Objective.NextTokens((Labels.TokenLabels) labels)
                    : new Objective.Classification(
                            (Labels.Classes) labels, base.storedLabels().orElse(LABELS));
            this.data = new TokenizedDataset(
                    fixture, rows, labels, 0, batch.length(), batch.pixels() == null ? null : images(rows.size()));
        }
    }

    private static List<TokenRow> rows(TokenBatch batch) {
        List<TokenRow> rows = new ArrayList<>();
        for (int i = 0; i < 2 * batch.size(); i++) {
            int start = i % batch.size() * batch.length();
            int length = (int)
                    Arrays.stream(batch.mask(), start, start + batch.length()).sum();
            // what is padded on the left is no matter here; images need all of their tokens
            int first = (int) Arrays.stream(batch.mask(), start, start + batch.length())
                    .takeWhile(token -> token == 0)
                    .count();
            int kept = batch.pixels() == null ? Math.max(3, length - i * 5 % 11) : length;
            int begin = start + first;
            rows.add(new TokenRow(
                    Arrays.copyOfRange(batch.ids(), begin, begin + kept),
                    Arrays.copyOfRange(batch.typeIds(), begin, begin + kept)));
        }
        return rows;
    }

    private static Labels.TokenLabels tokenLabels(List<TokenRow> rows) {
        return new Labels.TokenLabels(rows.stream().map(TokenRow::ids).toArray(long[][]::new));
    }

    private static Labels.Classes classes(int rows) {
        return new Labels.Classes(
                IntStream.range(0, rows).map(row -> row * 7 % LABELS).toArray(), List.of());
    }

    private static RowImages images(int rows) {
        Path folder = Golden.folder("clip_images");
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> pictures = files.filter(file -> file.toString().endsWith(".png"))
                    .sorted()
                    .toList();
            List<ImageSource> sources = IntStream.range(0, rows)
                    .<ImageSource>mapToObj(row -> new ImageSource.InFile(pictures.get(row % pictures.size())))
                    .toList();
            return new RowImages(
                    "pictures", sources, ImagePreprocessor.read(folder.resolve("preprocessor_config.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** New adapters, always the same. */
    AdaptedModel adapted(double dropout, Set<Integer> layers) {
        return adapted(PlainLora.config(4, 8, dropout, base.defaultTargets(), layers));
    }

    AdaptedModel adapted(LoraConfig config) {
        return tokens
                ? AdaptedModel.languageModel(base, config, 3)
                : AdaptedModel.classifier(base, config, base.storedLabels().orElse(LABELS), 3);
    }

    /** At a constant rate, with clipping. */
    static TrainerSettings settings(
            int steps, TrainerSettings.Grouping grouping, double dropout, TrainerSettings.Memory memory) {
        return new TrainerSettings(
                Optimisers.of(0.001, 0.01, 1),
                new TrainerSettings.Schedule(
                        LearningRateScheduler.CONSTANT, 0, steps, LearningRateScheduler.Shape.DEFAULTS),
                grouping,
                0,
                new ModelConfig.Dropout(dropout, dropout, dropout, 0, dropout, 0, dropout),
                memory,
                42);
    }

    /** What a training told. */
    static final class Heard implements TrainingListener {

        final List<Double> losses = new ArrayList<>();
        final List<Double> norms = new ArrayList<>();
        final List<String> remarks = new ArrayList<>();

        @Override
        public void step(StepRecord step) {
            losses.add(step.loss());
            norms.add(step.gradNorm());
        }

        @Override
        public void evaluated(int step, Evaluation evaluation) {
            throw new AssertionError("nothing is evaluated here");
        }

        @Override
        public void noted(String remark) {
            remarks.add(remark);
        }
    }

    /** Trains new adapters on some layers. */
    Heard train(TrainerSettings settings, double loraDropout, Set<Integer> layers, Path scratch) {
        Heard heard = new Heard();
        try (AdaptedModel model = adapted(loraDropout, layers)) {
            new Trainer(model, data, objective, settings, scratch)
                    .train(null, new PauseSwitch(), Progress.none(), heard, new EpochListener(step -> {}));
        }
        return heard;
    }

    @Override
    public void close() {
        base.close();
    }
}
