package org.layerwise.generation.answer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The answer after the words "The answer is", "The final answer is:" and their like. */
final class AnswerPhrase {

    private static final Pattern PHRASE = Pattern.compile("\\banswer\\s+is\\b[ \\t]*:?", Pattern.CASE_INSENSITIVE);
    private static final Pattern SENTENCE_END = Pattern.compile("\\.(?=\\s)|\\n");

    private AnswerPhrase() {}

    /** What follows the last such words that something follows, up to the end of the sentence or line; else empty. */
    static Optional<String> last(String text) {
        Matcher matcher = PHRASE.matcher(text);
        Optional<String> last = Optional.empty();
        while (matcher.find()) {
            String answer = sentence(text.substring(matcher.end()).strip());
            last = answer.isEmpty() ? last : Optional.of(answer);
        }
        return last;
    }

    private static String sentence(String rest) {
        Matcher end = SENTENCE_END.matcher(rest);
        String answer = (end.find() ? rest.substring(0, end.start()) : rest).strip();
        return answer.endsWith(".") ? answer.substring(0, answer.length() - 1).strip() : answer;
    }
}
