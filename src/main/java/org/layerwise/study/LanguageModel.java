package org.layerwise.study;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.generation.EndTokens;
import org.layerwise.generation.Generator;
import org.layerwise.model.LanguageModelHead;
import org.layerwise.model.TransformerModel;
import org.layerwise.tensor.TensorOwner;

/** An open decoder with its head and, perhaps, an adapter; closing it frees the two and leaves the model open. */
final class LanguageModel implements AutoCloseable {

    private final TensorOwner owner;
    private final Generator generator;

    private LanguageModel(TensorOwner owner, Generator generator) {
        this.owner = owner;
        this.generator = generator;
    }

    /**
     * @param adapter folder of a PEFT adapter; null for none
     * @throws UserException if the model is no decoder or lacks the head, or the adapter does not fit
     */
    static LanguageModel open(Workbench workbench, OpenModel open, @Nullable Path adapter) {
        TransformerModel model = open.model();
        TensorOwner owner = workbench.engine().owner();
        try {
            LanguageModelHead head = model.languageModelHead(owner);
            return new LanguageModel(
                    owner,
                    new Generator(
                            model,
                            model.transformer(),
                            head,
                            EndTokens.read(model.checkpoint().folder()),
                            open.textTokenizer().orElse(null)));
        } catch (RuntimeException e) {
            owner.close();
            throw e;
        }
    }

    /** Lets it go on with prompts. */
    Generator generator() {
        return generator;
    }

    @Override
    public void close() {
        owner.close();
    }
}
