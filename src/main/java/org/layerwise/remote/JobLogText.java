package org.layerwise.remote;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Texts for users from the output of programs on a cluster. */
final class JobLogText {

    private static final Pattern CONTROLS = Pattern.compile("\\p{Cntrl}");
    private static final Pattern COLOURS = Pattern.compile("\u001B\\[[0-9;]*[A-Za-z]");
    /** Matches the last line of a Python traceback: {@code OSError: there is no model}. */
    private static final Pattern ERROR = Pattern.compile("(?:[\\w.]*\\.)?\\w*(?:Error|Exception|Exit)\\b:? .+");
    /** Matches the prefix of lines of Ray's workers: {@code (RayTrainWorker pid=978)}. */
    private static final Pattern WORKER = Pattern.compile("^\\([\\w:.]+ pid=\\d+(?:, ip=[^)]*)?\\) ");

    /** Prefix of lines in which the program reports a step. */
    private static final String METRIC = "METRIC ";

    private static final int LONGEST = 300;

    private JobLogText() {}

    /** Returns a text without the colours of a terminal. */
    static String plain(String text) {
        return COLOURS.matcher(text).replaceAll("");
    }

    /**
     * Returns the first line of another computer's output, shortened and without characters that control a terminal.
     */
    static String line(String text) {
        String first = plain(text).lines().findFirst().orElse("");
        return shortened(CONTROLS.matcher(first).replaceAll("").strip());
    }

    /**
     * Returns the reason of a program's failure: the last error in its output, or the last line; empty if there is no
     * output.
     */
    static String reason(String text) {
        List<String> lines = lines(text);
        return error(lines).orElse(lines.isEmpty() ? "" : shortened(lines.get(lines.size() - 1)));
    }

    /** Returns the last error in a program's output. */
    static Optional<String> error(String text) {
        return error(lines(text));
    }

    private static Optional<String> error(List<String> lines) {
        return lines.stream()
                .filter(line -> ERROR.matcher(line).matches())
                .reduce((first, second) -> second)
                .map(JobLogText::shortened);
    }

    /** Returns the lines without colours, names of workers, and reports of steps. */
    private static List<String> lines(String text) {
        return plain(text)
                .lines()
                .map(line -> WORKER.matcher(line.strip()).replaceFirst("").strip())
                .filter(line -> !line.isEmpty() && !line.startsWith(METRIC))
                .toList();
    }

    private static String shortened(String line) {
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
    }
}
