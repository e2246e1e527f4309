package org.layerwise.data.prompt;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.Dataset;
import org.layerwise.data.token.SpecialTokens;

/**
 * Prompts for models of LLaVA's kind, written by the checkpoint's chat template, or in the form of LLaVA 1.5 if the
 * checkpoint has none.
 */
public final class LlavaPrompt {

    private static final String IMAGE = "<image>";

    private final @Nullable ChatTemplate template;

    private LlavaPrompt(@Nullable ChatTemplate template) {
        this.template = template;
    }

    /**
     * Creates the prompts of a checkpoint.
     *
     * @throws UserException if its template is broken
     */
    public static LlavaPrompt of(Path folder, SpecialTokens specialTokens) {
        Optional<ChatTemplate> template = ChatTemplate.read(folder, specialTokens);
        return new LlavaPrompt(template.orElse(null));
    }

    /**
     * Returns a prompt that ends before the answer.
     *
     * @param text the instruction or question
     * @param image true if the text is about an image, which is placed before the text
     * @throws UserException if the template refuses the prompt
     */
    public String render(String text, boolean image) {
        if (template != null) {
            ChatMessage message = image ? ChatMessage.ofUserWithImage(text) : ChatMessage.of("user", text);
            return template.render(List.of(message), true);
        }
        return "USER: %s%s ASSISTANT:".formatted(image ? IMAGE + "\n" : "", text);
    }

    /**
     * Returns rows with prompts instead of their texts, which include an image if the rows have images.
     *
     * @param progress progress that is checked before each row
     * @throws UserException if the rows have two texts each, a text already contains the image token, or the template
     *     refuses a text
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
