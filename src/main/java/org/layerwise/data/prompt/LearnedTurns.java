package org.layerwise.data.prompt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.data.Excerpt;
import org.layerwise.data.token.TextSpan;

/** Parts of conversations that a model learns: the turns of the assistant, as a chat template writes them. */
final class LearnedTurns {

    /** Text of private characters, which takes the place of an answer to find its position. */
    private static final String MARK = "\uE4A7\uF31C\uE90B";

    private static final String ASSISTANT = "assistant";

    private final ChatTemplate template;
    private int lost;
    private String firstLost = "";
    private int without;
    private String firstWithout = "";

    LearnedTurns(ChatTemplate template) {
        this.template = template;
    }

    /** Returns a whole conversation as one text. */
    String text(List<ChatMessage> messages) {
        return template.render(messages, false);
    }

    /**
     * Returns the spans of the assistant's answers, each with the end of its turn as the template writes it: from the
     * end of the prompt for the answer to the end of the text with the answer. If the template writes a turn
     * differently when more turns follow (for example without the assistant's thoughts), only the words of the turn are
     * learnt that it writes; the span is empty if it writes none. A first turn begins after the words by which the
     * template asks for an answer.
     *
     * @param text the conversation as {@link #text} returns it
     * @param place place of the conversation, for messages
     */
    List<TextSpan> answers(List<ChatMessage> messages, String text, String place, Progress progress) {
        List<TextSpan> spans = new ArrayList<>();
        for (int turn = 0; turn < messages.size(); turn++) {
            if (!messages.get(turn).role().equals(ASSISTANT)) {
                continue;
            }
            progress.check();
            TextSpan span = turn == 0 ? first(messages, text) : later(messages, text, turn);
            if (span.start() == span.end() && !messages.get(turn).text().isBlank()) {
                firstLost = lost == 0 ? "turn %s in %s".formatted(turn + 1, place) : firstLost;
                lost++;
            }
            spans.add(span);
        }
        if (spans.isEmpty()) {
            firstWithout = without == 0 ? "%s (%s)".formatted(place, roles(messages)) : firstWithout;
            without++;
        }
        return List.copyOf(spans);
    }

    private static String roles(List<ChatMessage> messages) {
        return messages.stream().map(ChatMessage::role).distinct().collect(Collectors.joining(", "));
    }

    /** Returns sentences on the turns and rows of which nothing is learnt; null if there are none. */
    @Nullable
    String remark() {
        List<String> sentences = new ArrayList<>();
        if (lost > 0) {
            sentences.add(
                    "Nothing is learnt of %s of the assistant, whose words the chat template in %s leaves out; the first is %s."
                            .formatted(Excerpt.count(lost, "turn"), template.file(), firstLost));
        }
        if (without > 0) {
            sentences.add("Nothing is learnt of %s without a turn of the %s; the first is %s."
                    .formatted(Excerpt.count(without, "row"), ASSISTANT, firstWithout));
        }
        return sentences.isEmpty() ? null : String.join(" ", sentences);
    }

    private TextSpan later(List<ChatMessage> messages, String text, int turn) {
        String asked = template.render(messages.subList(0, turn), true);
        String answered = template.render(messages.subList(0, turn + 1), false);
        return text.startsWith(asked) && text.startsWith(answered) && answered.length() > asked.length()
                ? new TextSpan(asked.length(), answered.length())
                : words(messages, text, turn);
    }

    /** Returns the span of a first turn: many templates render no prompt without turns. */
    private TextSpan first(List<ChatMessage> messages, String text) {
        TextSpan words = words(messages, text, 0);
        if (words.start() == words.end()) {
            return words;
        }
        String answered = template.render(messages.subList(0, 1), false);
        String prompt = generationPrompt();
        int asked = prompt.isEmpty() ? -1 : text.lastIndexOf(prompt, words.start() - prompt.length());
        return new TextSpan(
                asked < 0 ? words.start() : asked + prompt.length(),
                text.startsWith(answered) ? Math.max(words.end(), answered.length()) : words.end());
    }

    /** Returns what the template writes after a turn of the user to ask for an answer; empty for none. */
    private String generationPrompt() {
        List<ChatMessage> question = List.of(new ChatMessage("user", List.of(new ChatMessage.Text(MARK)), Map.of()));
        String closed = template.render(question, false);
        String open = template.render(question, true);
        return open.startsWith(closed) ? open.substring(closed.length()) : "";
    }

    /** Returns the span of what the template writes for the words of a turn, without blanks around it. */
    private TextSpan words(List<ChatMessage> messages, String text, int turn) {
        List<ChatMessage> marked = new ArrayList<>(messages);
        ChatMessage own = messages.get(turn);
        marked.set(turn, new ChatMessage(own.role(), List.of(new ChatMessage.Text(MARK)), own.more()));
        String other = template.render(marked, false);
        int start = Math.max(0, other.indexOf(MARK));
        String behind = other.substring(other.indexOf(MARK) < 0 ? 0 : start + MARK.length());
        int end = text.length() - behind.length();
        if (end < start || !text.startsWith(other.substring(0, start)) || !text.endsWith(behind)) {
            return new TextSpan(0, 0);
        }
        while (start < end && Character.isWhitespace(text.charAt(start))) {
            start++;
        }
        while (start < end && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        return new TextSpan(start, end);
    }
}
