package org.layerwise.data.prompt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.data.Dataset;
import org.layerwise.data.TextForm;
import org.layerwise.data.token.SpecialTokens;
import org.layerwise.data.token.TextSpan;

/**
 * Builds the one text that a model gets from rows whose texts have a form ({@link TextForm}). The text ends with the
 * answer, followed by the model's end-of-sequence token if the form has no template that writes it.
 *
 * @param folder the checkpoint
 */
public record Prompts(Path folder, SpecialTokens specialTokens) {

    private static final String INSTRUCTION =
            """
            Below is an instruction that describes a task. Write a response that appropriately completes the request.

            ### Instruction:
            %s

            ### Response:""";

    private static final Map<String, String> ROLES =
            Map.of("human", "user", "gpt", "assistant", "bot", "assistant", "chatgpt", "assistant");

    /**
     * Texts with the positions of their answers.
     *
     * @param rows the given rows, with one plain text each
     * @param answers the parts of each text that a model has to learn; empty if texts are not prompts with answers
     * @param templated true if a chat template wrote the texts, possibly with special tokens
     * @param remark sentence for those who learn the answers; null for none
     */
    public record Rendered(Dataset rows, List<List<TextSpan>> answers, boolean templated, @Nullable String remark) {

        public Rendered {
            answers = List.copyOf(answers);
        }

        Rendered(Dataset rows, List<List<TextSpan>> answers, boolean templated) {
            this(rows, answers, templated, null);
        }
    }

    /**
     * Builds texts of prompts with answers.
     *
     * @param progress progress that is checked before each row and turn
     * @throws UserException if the model lacks a required end-of-sequence token or chat template, the template refuses
     *     a row, or a row is not a conversation
     * @throws org.layerwise.base.CancelledException if the progress was cancelled
     */
    public Rendered render(Dataset data, Progress progress) {
        return switch (data.form()) {
            case PLAIN -> new Rendered(data, List.of(), false);
            case INSTRUCTION -> instructions(data);
            case CHAT -> chats(data, progress);
            case IMAGE_QUESTION -> answered(data, imageQuestions(data, progress), end(), true);
        };
    }

    /**
     * Builds prompts without answers, for a model that generates them: a plain text is used as a whole, and a
     * conversation ends before the assistant's last turn.
     *
     * @return rows without answers
     * @throws UserException as {@link #render}, or if a conversation contains only answers
     */
    public Rendered questions(Dataset data, Progress progress) {
        List<String> prompts =
                switch (data.form()) {
                    case PLAIN -> data.texts();
                    case INSTRUCTION ->
                        data.texts().stream().map(Prompts::instruction).toList();
                    case CHAT -> openChats(data, progress);
                    case IMAGE_QUESTION -> imageQuestions(data, progress);
                };
        boolean templated = data.form() == TextForm.CHAT || data.form() == TextForm.IMAGE_QUESTION;
        return new Rendered(data.withTexts(prompts), List.of(), templated);
    }

    /** Returns the Alpaca-style prompt of an instruction, which ends before the answer. */
    public static String instruction(String instruction) {
        return INSTRUCTION.formatted(instruction);
    }

    private Rendered instructions(Dataset data) {
        String end = "\n" + end();
        return answered(data, data.texts().stream().map(Prompts::instruction).toList(), end, false);
    }

    private List<String> imageQuestions(Dataset data, Progress progress) {
        LlavaPrompt prompt = LlavaPrompt.of(folder, specialTokens);
        List<String> prompts = new ArrayList<>();
        for (String text : data.texts()) {
            progress.check();
            prompts.add(prompt.render(text, true));
        }
        return prompts;
    }

    private static Rendered answered(Dataset data, List<String> prompts, String end, boolean templated) {
        List<String> outputs = answers(data);
        List<String> texts = new ArrayList<>();
        List<List<TextSpan>> learned = new ArrayList<>();
        for (int row = 0; row < data.size(); row++) {
            String text = prompts.get(row) + outputs.get(row) + end;
            texts.add(text);
            learned.add(List.of(new TextSpan(prompts.get(row).length(), text.length())));
        }
        return new Rendered(data.withTexts(texts), learned, templated);
    }

    private static List<String> answers(Dataset data) {
        @Nullable List<String> answers = data.secondTexts();
        if (answers == null) {
            throw new IllegalStateException(data.location() + " has no answers");
        }
        return answers;
    }

    private String end() {
        SpecialTokens.Token eos = specialTokens.eos();
        if (eos == null || eos.text().isEmpty()) {
            throw new UserException(
                    "%s names no end-of-sequence token (eos_token in tokenizer_config.json), which ends an answer; take a decoder, or name the column with --text."
                            .formatted(folder));
        }
        return eos.text();
    }

    private ChatTemplate chatTemplate() {
        return ChatTemplate.read(folder, specialTokens)
                .orElseThrow(() -> new UserException(
                        "%s has no chat template, which chat messages need; take a model that was tuned to chat, or another preset."
                                .formatted(folder)));
    }

    private List<String> openChats(Dataset data, Progress progress) {
        ChatTemplate template = chatTemplate();
        List<String> prompts = new ArrayList<>();
        for (int row = 0; row < data.size(); row++) {
            progress.check();
            List<ChatMessage> open = new ArrayList<>(messages(data.texts().get(row), data.place(row)));
            if (open.get(open.size() - 1).role().equals("assistant")) {
                open.remove(open.size() - 1);
            }
            if (open.isEmpty()) {
                throw new UserException("The conversation in %s has only an answer and no question; leave the row out."
                        .formatted(data.place(row)));
            }
            prompts.add(template.render(open, true));
        }
        return prompts;
    }

    private Rendered chats(Dataset data, Progress progress) {
        LearnedTurns turns = new LearnedTurns(chatTemplate());
        List<String> texts = new ArrayList<>();
        List<List<TextSpan>> learned = new ArrayList<>();
        for (int row = 0; row < data.size(); row++) {
            progress.check();
            List<ChatMessage> messages = messages(data.texts().get(row), data.place(row));
            String text = turns.text(messages);
            texts.add(text);
            learned.add(turns.answers(messages, text, data.place(row), progress));
        }
        return new Rendered(data.withTexts(texts), learned, true, turns.remark());
    }

    /**
     * Parses a list of {@code {role, content}}, or of ShareGPT's {@code {from, value}}. The template also gets all
     * other values of a turn, except null, which tables contain for values of other turns.
     */
    private static List<ChatMessage> messages(String cell, String place) {
        List<ChatMessage> messages = new ArrayList<>();
        for (JsonNode turn : turns(cell, place)) {
            boolean named = turn.path("role").isTextual();
            String speaker = named ? "role" : "from";
            String said = named ? "content" : "value";
            JsonNode role = turn.path(speaker);
            JsonNode content = turn.path(said);
            if (!role.isTextual() || !content.isTextual()) {
                throw new UserException(
                        "Turn %s in %s is no {role, content} and no {from, value} of texts; mend it or leave the row out."
                                .formatted(messages.size() + 1, place));
            }
            Map<String, Object> more = new LinkedHashMap<>();
            turn.properties().stream()
                    .filter(field -> !Set.of(speaker, said).contains(field.getKey()))
                    .filter(field -> !field.getValue().isNull())
                    .forEach(field -> more.put(field.getKey(), Json.value(field.getValue())));
            messages.add(new ChatMessage(
                    ROLES.getOrDefault(role.asText(), role.asText()),
                    List.of(new ChatMessage.Text(content.asText())),
                    more));
        }
        if (messages.isEmpty()) {
            throw new UserException("The conversation in %s has no turns; leave the row out.".formatted(place));
        }
        return messages;
    }

    private static JsonNode turns(String cell, String place) {
        try {
            JsonNode turns = Json.parse(cell);
            if (turns.isArray()) {
                return turns;
            }
        } catch (JsonProcessingException e) {
            throw new UserException(noList(place), e);
        }
        throw new UserException(noList(place));
    }

    private static String noList(String place) {
        return "The conversation in %s is no list of turns such as {\"role\": \"user\", \"content\": \"Hello\"}."
                .formatted(place);
    }
}
