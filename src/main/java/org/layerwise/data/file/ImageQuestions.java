package org.layerwise.data.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.data.Excerpt;
import org.layerwise.data.RowPositions;

/**
 * Questions with lettered choices, in LLaVA's format for ScienceQA (Liu et al., 2023): an optional line of context, the
 * question, a line per choice, and a request for a letter.
 *
 * @param texts the user's text for each row's image
 * @param answers the letter of the right choice
 */
record ImageQuestions(List<String> texts, List<String> answers) {

    private static final String DEMAND = "Answer with the option's letter from the given choices directly.";

    /** Maximum number of choices: the number of letters. */
    static final int MOST_CHOICES = 26;

    /**
     * Creates questions from the columns question, choices, answer, and hint if there is one.
     *
     * @throws UserException if a row lacks its question, choices or answer, or if the answer is none of the choices
     */
    static ImageQuestions of(List<String> columns, RawColumns cells) {
        List<String> questions = cells.required(columns.get(0), "question");
        List<String> choices = cells.required(columns.get(1), "choices");
        List<String> answers = cells.required(columns.get(2), "answer");
        List<@Nullable String> hints = columns.size() > 3 ? cells.of(columns.get(3)) : null;
        RowPositions places = cells.places();
        List<String> texts = new ArrayList<>();
        List<String> letters = new ArrayList<>();
        for (int row = 0; row < questions.size(); row++) {
            List<String> options = options(choices.get(row), columns.get(1), places.at(row));
            letters.add(letter(answers.get(row), options.size(), columns.get(2), places.at(row)));
            texts.add(text(questions.get(row), options, hints == null ? null : hints.get(row)));
        }
        return new ImageQuestions(texts, letters);
    }

    private static String text(String question, List<String> options, @Nullable String hint) {
        StringBuilder text = new StringBuilder();
        if (hint != null && !RawColumns.blank(hint)) {
            text.append("Context: ").append(hint).append('\n');
        }
        text.append(question).append('\n');
        for (int i = 0; i < options.size(); i++) {
            text.append(name(i)).append(". ").append(options.get(i)).append('\n');
        }
        return text.append(DEMAND).toString();
    }

    private static List<String> options(String cell, String column, String place) {
        try {
            JsonNode list = Json.parse(cell);
            List<String> options = new ArrayList<>();
            list.forEach(option -> options.add(option.asText()));
            if (list.isArray() && !options.isEmpty() && options.size() <= MOST_CHOICES) {
                return options;
            }
        } catch (JsonProcessingException e) {
            throw noList(column, place, e);
        }
        throw noList(column, place, null);
    }

    private static UserException noList(String column, String place, @Nullable Exception cause) {
        String words = "%s has no list of 1 to %s choices in column \"%s\"; mend it or leave the row out."
                .formatted(place, MOST_CHOICES, Excerpt.text(column));
        return cause == null ? new UserException(words) : new UserException(words, cause);
    }

    private static String letter(String answer, int options, String column, String place) {
        if (answer.matches("\\d{1,3}") && Integer.parseInt(answer) < options) {
            return name(Integer.parseInt(answer));
        }
        throw new UserException("%s has the answer %s in column \"%s\", which is none of its %s choices (0 to %s)."
                .formatted(place, Excerpt.text(answer), Excerpt.text(column), options, options - 1));
    }

    private static String name(int option) {
        return String.valueOf((char) ('A' + option));
    }
}
