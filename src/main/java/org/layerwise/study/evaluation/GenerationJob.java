package org.layerwise.study.evaluation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Labels;
import org.layerwise.data.Split;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.generation.GeneratedText;
import org.layerwise.generation.GenerationSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;

/**
 * Generates text with a model, with or without an adapter, and writes one line of JSON per row.
 *
 * @param adapter folder of a PEFT adapter; null for none
 */
public record GenerationJob(
        Workbench workbench, OpenModel model, @Nullable Path adapter, Source source, GenerationSettings settings) {

    /** Source of the prompts. */
    public sealed interface Source {

        /** Single prompt. */
        record Prompt(String text) implements Source {}

        /** Rows of texts or token ids. For a preset's rows, the prompt is the part before the answer. */
        record Rows(DataSettings data) implements Source {}
    }

    /**
     * Result of the generation.
     *
     * @param generated generated tokens of each row, in the order of the data
     * @param cutRows number of prompts that were longer than the limit
     * @param foundPairs true if rows consist of two columns that the user had not named
     */
    public record Result(List<GeneratedText> generated, int cutRows, boolean foundPairs) {

        public Result {
            generated = List.copyOf(generated);
        }
    }

    /**
     * Generates, and writes {@code input_ids} (of the prompt), {@code tokens} (the new ones without the end-of-sequence
     * token) and, if there is a tokenizer, {@code text}. The file is written when all rows are done.
     *
     * @param out file to write
     * @throws UserException if data or adapter do not fit the model, or the model is not a decoder
     * @throws org.layerwise.base.CancelledException if the progress is cancelled
     */
    public Result run(Path out, Progress progress) {
        DataSettings data = source instanceof Source.Rows rows ? rows.data() : prompt();
        try (LanguageModel language = LanguageModel.open(workbench, model, adapter, progress.part(0, 0))) {
            Dataset read = read(progress.part(0, 0.05));
            TokenizedDataset prompts = model.prompts(read, data, settings.maxNewTokens(), progress.part(0.05, 0.1));
            List<GeneratedText> generated = language.generate(prompts, settings, data.batch(), progress.part(0.1, 1));
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

    private static void write(Path out, TokenizedDataset prompts, List<GeneratedText> generated) {
        Json.writeLines(out, IntStream.range(0, generated.size()).mapToObj(row -> {
            ObjectNode line = Json.object();
            line.set("input_ids", Json.tree(prompts.rows().get(row).ids()));
            line.set("tokens", Json.tree(generated.get(row).tokens()));
            if (generated.get(row).text() != null) {
                line.put("text", generated.get(row).text());
            }
            return line;
        }));
    }
}
