package org.layerwise.remote;

import java.util.List;
import java.util.regex.Pattern;

/** What programs elsewhere print, for people. */
final class JobWords {

    private static final Pattern COLOURS = Pattern.compile("\u001B\\[[0-9;]*[A-Za-z]");
    /** The last line of a Python traceback: {@code OSError: there is no model}. */
    private static final Pattern ERROR = Pattern.compile("(?:[\\w.]*\\.)?\\w*(?:Error|Exception|Exit)\\b:? .+");
    /** In front of lines of Ray's workers: {@code (RayTrainWorker pid=978)}. */
    private static final Pattern WORKER = Pattern.compile("^\\([\\w:.]+ pid=\\d+(?:, ip=[^)]*)?\\) ");

    private static final int LONGEST = 300;

    private JobWords() {}

    /** Without the colours of a terminal. */
    static String plain(String text) {
        return COLOURS.matcher(text).replaceAll("");
    }

    /** Why a program broke: the last error that it tells, or its last line; empty if it says nothing. */
    static String reason(String text) {
        List<String> lines = plain(text)
                .lines()
                .map(line -> WORKER.matcher(line.strip()).replaceFirst("").strip())
                .filter(line -> !line.isEmpty())
                .toList();
        String reason = lines.stream()
                .filter(line -> ERROR.matcher(line).matches())
                .reduce((first, second) -> second)
                .orElse(lines.isEmpty() ? "" : lines.get(lines.size() - 1));
        return reason.length() > LONGEST ? reason.substring(0, LONGEST) + "…" : reason;
    }
}
