package org.layerwise.study.evaluation;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.generation.EndTokens;
import org.layerwise.generation.GeneratedText;
import org.layerwise.generation.GenerationSettings;
import org.layerwise.generation.Generator;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.model.LanguageModelHead;
import org.layerwise.model.TaskModel;
import org.layerwise.model.TransformerModel;
import org.layerwise.study.PrecisionStep;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.tensor.TensorOwner;

/**
 * Open decoder that generates text, optionally with an adapter. Closing it frees its head and the adapter, not the
 * model.
 *
 * @param adapter folder of a PEFT adapter; null for none
 * @param closing frees the head or the adapter
 */
record LanguageModel(
        Workbench workbench,
        OpenModel open,
        @Nullable Path adapter,
        TaskModel model,
        Generator generator,
        Runnable closing)
        implements AutoCloseable {

    /**
     * Opens a decoder.
     *
     * @param adapter folder of a PEFT adapter; null for none
     * @throws UserException if the model is not a decoder or lacks the language-model head, or the adapter does not fit
     *     or was trained for another task
     */
    static LanguageModel open(Workbench workbench, OpenModel open, @Nullable Path adapter, Progress progress) {
        TransformerModel model = open.model();
        if (adapter == null) {
            TensorOwner owner = workbench.engine().owner();
            return of(
                    workbench,
                    open,
                    null,
                    () -> new TaskModel.Plain(model, model.languageModelHead(owner)),
                    owner::close,
                    progress);
        }
        AdaptedModel adapted =
                AdaptedModel.load(model, PeftAdapter.read(adapter, workbench.engine(), progress), 0, progress);
        adapted.remark().ifPresent(open::note);
        return of(workbench, open, adapter, () -> checked(adapted, adapter), adapted::close, progress);
    }

    private static TaskModel checked(AdaptedModel adapted, Path adapter) {
        if (!(adapted.head() instanceof LanguageModelHead)) {
            throw new UserException(
                    "The adapter %s was trained for sequence classification and writes no text; take one for causal-lm."
                            .formatted(adapter));
        }
        return adapted;
    }

    private static LanguageModel of(
            Workbench workbench,
            OpenModel open,
            @Nullable Path adapter,
            Supplier<TaskModel> model,
            Runnable closing,
            Progress progress) {
        try {
            TaskModel found = model.get();
            return new LanguageModel(
                    workbench,
                    open,
                    adapter,
                    found,
                    new Generator(
                            found,
                            EndTokens.read(found.base().checkpoint().folder()),
                            open.textTokenizer(progress).orElse(null)),
                    closing);
        } catch (RuntimeException e) {
            closing.run();
            throw e;
        }
    }

    /** Generates text, after a remark on the effect of 16 bits where that is worth one. */
    List<GeneratedText> generate(
            TokenizedDataset prompts, GenerationSettings settings, @Nullable Integer batch, Progress progress) {
        PrecisionStep.besideOtherWork(
                        workbench, open, adapter, Optional.of(model.transformer()), prompts, progress.silent())
                .ifPresent(open::note);
        return generator.generate(prompts, settings, batch, progress);
    }

    @Override
    public void close() {
        closing.run();
    }
}
