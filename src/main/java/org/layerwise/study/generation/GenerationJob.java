package org.layerwise.study.generation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Json;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Labels;
import org.layerwise.data.Split;
import org.layerwise.data.TokenizedDataset;
import org.layerwise.generation.Generated;
import org.layerwise.generation.GenerationSettings;
import org.layerwise.study.DataSettings;
import org.layerwise.study.OpenModel;
import org.layerwise.study.Source;
import org.layerwise.study.Workbench;

/** Lets a model, with or without an adapter, go on with prompts, and writes a line of JSON a row. */
public final class GenerationJob {

    /** What the model goes on with. */
    public sealed interface Source {

        /** One text. */
        record Prompt(String text) implements Source {}

        /** Rows of texts or token ids; of a preset's rows the part before the answer. */
        record Rows(DataSettings data) implements Source {}
    }

    /**
     * What was written.
     *
     * @param generated a row each, in the order of the data
     * @param cutRows prompts that were longer than the limit
     * @param foundPairs whether a row was two columns that nobody had named
     */
    public record Result(List<Generated> generated, int cutRows, boolean foundPairs) {

        public Result {
            generated = List.copyOf(generated);
        }
    }

    private final Workbench workbench;
    private final OpenModel model;
    private final @Nullable Path adapter;
    private final Source source;
    private final GenerationSettings settings;

    /** @param adapter folder of a PEFT adapter; null for none */
    public GenerationJob(
            Workbench workbench, OpenModel model, @Nullable Path adapter, Source source, GenerationSettings settings) {
        this.workbench = workbench;
        this.model = model;
        this.adapter = adapter;
        this.source = source;
        this.settings = settings;
    }

    /**
     * Generates, and writes {@code input_ids} (the prompt's), {@code tokens} (the new ones without the end of the sequence) and
     * {@code text} where there is a tokenizer. The file is there only when all rows are done.
     *
     * @throws UserException if data or adapter do not fit the model, or it is no decoder
     * @throws org.layerwise.base.CancelledException if the progress says so
     */
    public Result run(Path out, Progress progress) {
        DataSettings data = source instanceof Source.Rows rows ? rows.data() : prompt();
        try (LanguageModel language = LanguageModel.open(workbench, model, adapter, progress.part(0, 0))) {
            Dataset read = read(progress.part(0, 0.05));
            TokenizedDataset prompts = model.prompts(read, data, settings.maxNewTokens(), progress.part(0.05, 0.1));
            List<Generated> generated =
                    language.generator().generate(prompts, settings, data.batch(), progress.part(0.1, 1));
            model.requireUnchanged();
            write(out, prompts, generated);
            boolean named = data.text() != null || data.preset() != null;
            return new Result(generated, prompts.cutRows(), !named && read.secondTexts() != null);
        }
    }

    private static DataSettings prompt() {
        return DataSettings.of("--prompt").withMaxLength(Integer.MAX_VALUE);
    }

    private Dataset read(Progress progress) {
        if (source instanceof Source.Prompt prompt) {
            return Dataset.ofTexts(
                    "the prompt", "the prompt", List.of("text"), List.of(prompt.text()), null, new Labels.None());
        }
        DataSettings data = ((Source.Rows) source).data();
        return workbench.read(data, LabelUse.IGNORE, Split.VALIDATION, progress);
    }

    private static void write(Path out, TokenizedDataset prompts, List<Generated> generated) {
        WholeFiles.write(out, beside -> {
            try (BufferedWriter writer = Files.newBufferedWriter(beside)) {
                for (int row = 0; row < generated.size(); row++) {
                    ObjectNode line = Json.object();
                    line.set("input_ids", Json.tree(prompts.rows().get(row).ids()));
                    line.set("tokens", Json.tree(generated.get(row).tokens()));
                    if (generated.get(row).text() != null) {
                        line.put("text", generated.get(row).text());
                    }
                    writer.write(Json.line(line));
                    writer.newLine();
                }
            }
        });
    }
}
