package org.layerwise.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SampleModel;
import org.layerwise.data.ColumnMapping;
import org.layerwise.data.file.DataSource;
import org.layerwise.data.Dataset;
import org.layerwise.data.file.DatasetReader;
import org.layerwise.data.Labels;
import org.layerwise.data.sample.SampleTasks;
import org.layerwise.data.Split;
import org.layerwise.data.token.TextTokenizer;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.TransformerModel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.TensorEngine;

/** The sample model, wider ones of its shape with random weights, and texts as its tokens. */
final class BenchData {

    /** The longest row, as with the paper's code. */
    static final int LONGEST = 512;

    private static final int MOST_TOGETHER = 14;

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
     * @param file empty for the sample definitions
     * @param text its column
     */
    static TokenizedDataset rows(Path folder, String file, String text, int samples) throws IOException {
        DataSource source = file.isEmpty()
                ? new DataSource(SampleTasks.DEFINITIONS, ColumnMapping.DEFAULTS, samples, Split.TRAIN)
                : new DataSource(file, new ColumnMapping(text, null, null), samples, Split.TRAIN);
        return tokens(folder, new DatasetReader().read(source, Progress.none()));
    }

    /** The same of longer texts: without a file several sample definitions each, some of them more and some fewer. */
    static TokenizedDataset paragraphs(Path folder, String file, String text, int samples) throws IOException {
        if (!file.isEmpty()) {
            return rows(folder, file, text, samples);
        }
        DataSource source = new DataSource(
                SampleTasks.DEFINITIONS, ColumnMapping.DEFAULTS, samples * MOST_TOGETHER, Split.TRAIN);
        List<String> single = new DatasetReader().read(source, Progress.none()).texts();
        List<String> texts = new ArrayList<>();
        for (int row = 0, at = 0; row < samples; row++) {
            int together = 2 + row * 7 % (MOST_TOGETHER - 1);
            texts.add(String.join("; ", single.subList(at, at + together)));
            at += together;
        }
        Dataset joined = Dataset.ofTexts("paragraphs", "paragraphs", List.of("text"), texts, null, new Labels.None());
        return tokens(folder, joined);
    }

    private static TokenizedDataset tokens(Path folder, Dataset data) throws IOException {
        Path tokenizerJson = SampleModel.provide(folder, Progress.none()).resolve("tokenizer.json");
        try (TextTokenizer tokenizer = TextTokenizer.openTrusted(tokenizerJson)) {
            return tokenizer.encode(data, LONGEST, LONGEST, Progress.none());
        }
    }
}
