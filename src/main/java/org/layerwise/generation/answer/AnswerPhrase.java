package org.layerwise.generation.answer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The answer after the words "The answer is", "The final answer is:" and their like. */
final class AnswerPhrase {

    private static final Pattern PHRASE = Pattern.compile("\\banswer\\s+is\\b[ \\t]*:?", Pattern.CASE_INSENSITIVE);
    private static final Pattern SENTENCE_END = Pattern.compile("\\.(?=\\s)|\\n");

    private AnswerPhrase() {}

    /** What follows the last such words up to the end of the sentence or line; empty where nothing does. */
    static Optional<String> last(String text) {
        Matcher matcher = PHRASE.matcher(text);
        int start = -1;
        while (matcher.find()) {
            start = matcher.end();
        }
        if (start < 0) {
            return Optional.empty();
        }
        String rest = text.substring(start).strip();
        Matcher end = SENTENCE_END.matcher(rest);
        String answer = (end.find() ? rest.substring(0, end.start()) : rest).strip();
        answer = answer.endsWith(".") ? answer.substring(0, answer.length() - 1).strip() : answer;
        return answer.isEmpty() ? Optional.empty() : Optional.of(answer);
    }
}
