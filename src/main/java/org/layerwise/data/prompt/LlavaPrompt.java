package org.layerwise.data.prompt;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.Dataset;
import org.layerwise.data.SpecialTokens;

/**
 * An instruction as a model of LLaVA's kind is asked it: by the checkpoint's own chat template, or, where it has none, in the
 * words of LLaVA 1.5.
 */
public final class LlavaPrompt {

    private static final String IMAGE = "<image>";

    private final @Nullable ChatTemplate template;

    private LlavaPrompt(@Nullable ChatTemplate template) {
        this.template = template;
    }

    /**
     * Of a checkpoint.
     *
     * @throws UserException if its template is broken
     */
    public static LlavaPrompt of(Path folder, SpecialTokens specialTokens) {
        Optional<ChatTemplate> template = ChatTemplate.read(folder, specialTokens);
        return new LlavaPrompt(template.orElse(null));
    }

    /** Where the form of the prompts comes from, as one sentence for people. */
    public String origin() {
        return template == null
                ? "The model has no chat template, so prompts have LLaVA 1.5's form \"USER: <image> ... ASSISTANT:\"."
                : "Prompts have the form of the chat template in %s.".formatted(template.file());
    }

    /**
     * A prompt up to where the answer begins.
     *
     * @param text the instruction or question
     * @param image whether it is about an image, which is shown before the text
     * @throws UserException if the template refuses it
     */
    public String render(String text, boolean image) {
        if (template != null) {
            ChatMessage message = image ? ChatMessage.ofUserWithImage(text) : ChatMessage.of("user", text);
            return template.render(List.of(message), true);
        }
        return "USER: %s%s ASSISTANT:".formatted(image ? IMAGE + "\n" : "", text);
    }

    /**
     * The same rows with prompts in the place of their texts, about their images where they have some.
     *
     * @param progress asked before each row
     * @throws UserException if the rows have two texts each, a text holds the image's token already, or the template
     *     refuses one
     */
    public Dataset prompts(Dataset data, Progress progress) {
        if (data.paired()) {
            throw new UserException("%s has two text columns, but a prompt is made of one; name one text column."
                    .formatted(data.location()));
        }
        boolean images = data.images() != null;
        List<String> prompts = new ArrayList<>(data.size());
        for (String text : data.texts()) {
            progress.check();
            if (images && text.contains(IMAGE)) {
                throw new UserException(
                        "%s has %s in its text, but the chat template puts that in itself; leave it out of the text."
                                .formatted(data.placeAtStart(prompts.size()), IMAGE));
            }
            prompts.add(render(text, images));
        }
        return data.withTexts(prompts);
    }
}
