package org.layerwise.data.file;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.layerwise.base.UserException;
import org.layerwise.data.Excerpt;

/**
 * First line of a file of separated values. This class reads it, since DuckDB's guesses depend on the rows that follow
 * and turn a broken row into a message about dialects.
 *
 * @param delimiter character between the fields
 * @param columns names of the columns; a column without a name is named by its position
 * @param there true if the file has this line; GLUE's CoLA has none, and its columns are known
 */
record Header(char delimiter, List<String> columns, boolean there) {

    private static final int LONGEST = 1 << 20;
    private static final List<String> COLA = List.of("source", "label", "star", "sentence");
    private static final Pattern COLA_LINE = Pattern.compile("[^\t]+\t[01]\t\\*?\t[^\t]+");

    /** Reads the header of a file with tabs and without quotes. */
    static Header ofTsv(Path file) {
        String line = firstRecord(file, false);
        if (COLA_LINE.matcher(line).matches()) {
            return new Header('\t', COLA, false);
        }
        return checked(file, '\t', List.of(line.split("\t", -1)));
    }

    /**
     * Reads the header of a file with commas and RFC 4180 quotes; semicolons or tabs if there is no comma outside
     * quotes.
     */
    static Header ofCsv(Path file) {
        String line = firstRecord(file, true);
        for (char delimiter : new char[] {',', ';', '\t'}) {
            List<String> fields = fields(line, delimiter);
            if (fields.size() > 1) {
                return checked(file, delimiter, fields);
            }
        }
        return checked(file, ',', fields(line, ','));
    }

    private static Header checked(Path file, char delimiter, List<String> fields) {
        List<String> columns = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String field : fields) {
            String column = field.isBlank() ? "column" + columns.size() : field.strip();
            if (!seen.add(column)) {
                throw twice(file, column);
            }
            columns.add(column);
        }
        return new Header(delimiter, List.copyOf(columns), true);
    }

    /** Returns the exception for a file with two columns of one name. */
    static UserException twice(Path file, String column) {
        return new UserException(
                "%s has two columns named \"%s\"; rename one of them.".formatted(file, Excerpt.text(column)));
    }

    /** Returns the exception for a file with columns whose names cannot be told apart without regard to case. */
    static UserException alike(Path file, List<String> columns) {
        return new UserException(
                "%s has columns whose names differ in upper and lower case alone (%s); rename all but one of them."
                        .formatted(file, Excerpt.list(columns)));
    }

    private static List<String> fields(String line, char delimiter) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                if (quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                    field.append('"');
                    i++;
                } else {
                    quoted = !quoted;
                }
            } else if (c == delimiter && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }

    private static String firstRecord(Path file, boolean quotes) {
        StringBuilder line = new StringBuilder();
        boolean quoted = false;
        // malformed input is replaced, since DuckDB reports its position
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(Gzip.open(file), StandardCharsets.UTF_8))) {
            for (int c = reader.read(); c >= 0; c = reader.read()) {
                if (c == '"' && quotes) {
                    quoted = !quoted;
                }
                if ((c == '\n' || c == '\r') && !quoted) {
                    break;
                }
                if (line.length() == LONGEST) {
                    throw new UserException(
                            "The header line of %s does not end; it must be a line of column names.".formatted(file));
                }
                line.append((char) c);
            }
        } catch (IOException e) {
            throw Gzip.failure(file, e);
        }
        if (line.length() > 0 && line.charAt(0) == '\uFEFF') {
            line.deleteCharAt(0);
        }
        if (line.toString().isBlank()) {
            throw new UserException("%s has no header line; the first line must name the columns.".formatted(file));
        }
        return line.toString();
    }
}
