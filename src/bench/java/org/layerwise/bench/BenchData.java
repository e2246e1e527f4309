package org.layerwise.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SampleModel;
import org.layerwise.data.ColumnMapping;
import org.layerwise.data.DataSource;
import org.layerwise.data.DatasetReader;
import org.layerwise.data.Split;
import org.layerwise.data.TextTokenizer;
import org.layerwise.data.TokenizedDataset;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.TransformerModel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.TensorEngine;

/** The sample model, wider ones of its shape with random weights, and texts as its tokens. */
final class BenchData {

    /** The longest row, as with the paper's code. */
    static final int LONGEST = 512;

    private BenchData() {}

    /**
     * A BERT of 12 layers.
     *
     * @param width 384 for the sample model
     * @param folder that takes its files
     */
    static TransformerModel model(TensorEngine engine, Path folder, int width, DType type) throws IOException {
        Path files = SampleModel.provide(folder, Progress.none());
        if (width != Speed.WIDTH) {
            files = Files.createDirectories(folder.resolve("width-" + width));
            RandomCheckpoint.bert(files, width);
        }
        ModelBlueprint blueprint = ModelBlueprint.read(engine, Checkpoint.open(files));
        return TransformerModel.load(engine, blueprint, Device.CPU, type, Progress.none());
    }

    /**
     * Rows by the sample model's tokenizer.
     *
     * @param file null for the sample definitions
     * @param text its column; null for the usual one
     */
    static TokenizedDataset rows(Path folder, @Nullable String file, @Nullable String text, int samples)
            throws IOException {
        DataSource source = file == null
                ? new DataSource("sample:definitions", ColumnMapping.USUAL, samples, Split.TRAIN)
                : new DataSource(file, new ColumnMapping(text, null, null), samples, Split.TRAIN);
        try (TextTokenizer tokenizer =
                TextTokenizer.open(SampleModel.provide(folder, Progress.none()).resolve("tokenizer.json"))) {
            return tokenizer.encode(
                    new DatasetReader().read(source, Progress.none()), LONGEST, LONGEST, Progress.none());
        }
    }
}
