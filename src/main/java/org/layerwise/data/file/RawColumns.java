package org.layerwise.data.file;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.Excerpt;
import org.layerwise.data.RowPositions;
import org.layerwise.data.image.ImageSource;

/**
 * Columns that were read from files: texts by name, and the images of one column, which are parsed as soon as their
 * rows are read.
 */
final class RawColumns implements SqlDatabase.RowReader {

    private static final int ROWS_BETWEEN_CHECKS = 500;

    private final @Nullable Long limit;
    private final Progress progress;
    private final List<String> files = new ArrayList<>();
    private final List<Integer> fileOf = new ArrayList<>();
    private final List<Long> numbers = new ArrayList<>();
    private final List<ImageSource> sources = new ArrayList<>();
    private final List<List<@Nullable String>> columns = new ArrayList<>();
    private List<String> names = List.of();
    private String fileName = "";
    private @Nullable ImageColumn images;

    /**
     * Creates empty columns.
     *
     * @param limit the maximum number of rows that will come; null if unknown
     */
    RawColumns(@Nullable Long limit, Progress progress) {
        this.limit = limit;
        this.progress = progress;
    }

    /** Announces that the next rows come from another file. */
    void begin(ColumnRoles roles) {
        files.add(roles.file().toString());
        fileName = String.valueOf(roles.file().getFileName());
        names = roles.names();
        images = roles.images();
        if (columns.isEmpty()) {
            names.forEach(name -> columns.add(new ArrayList<>()));
        }
    }

    /** Returns true if the file that was begun last is the file of these columns. */
    boolean within(ColumnRoles roles) {
        return !files.isEmpty()
                && files.get(files.size() - 1).equals(roles.file().toString());
    }

    /**
     * Adds a row: the row's number, from 0, followed by its columns, and for JSON by the index of the first text column
     * with a list or an object.
     *
     * @throws UserException if there is such a column
     */
    @Override
    public void row(@Nullable String[] cells) {
        long number = Long.parseLong(String.valueOf(cells[0]));
        requireLater(number);
        String nested = cells.length > names.size() + 1 ? cells[names.size() + 1] : null;
        if (nested != null) {
            int index = Integer.parseInt(nested);
            throw new UserException(
                    "Row %s of %s holds %s in column \"%s\" and no text; write it as one text, or name another column with --text."
                            .formatted(
                                    number + 1,
                                    files.get(files.size() - 1),
                                    String.valueOf(cells[index + 1]).startsWith("[") ? "a list" : "an object",
                                    Excerpt.text(names.get(index))));
        }
        for (int i = 0; i < names.size(); i++) {
            if (images != null && names.get(i).equals(images.column())) {
                sources.add(images.parse(number, cells[i + 1]));
            } else {
                columns.get(i).add(cells[i + 1]);
            }
        }
        fileOf.add(files.size() - 1);
        numbers.add(number + 1);
        if (rows() % ROWS_BETWEEN_CHECKS == 0) {
            progress.check();
            progress.report(
                    limit == null ? Progress.UNKNOWN : (double) rows() / limit,
                    "Reading %s: %s rows".formatted(fileName, rows()));
        }
    }

    /** Requires that rows come in file order. */
    private void requireLater(long number) {
        int last = rows() - 1;
        if (last >= 0 && fileOf.get(last) == files.size() - 1 && number + 1 <= numbers.get(last)) {
            throw new IllegalStateException("row %s of %s comes after row %s"
                    .formatted(number + 1, files.get(files.size() - 1), numbers.get(last)));
        }
    }

    int rows() {
        return numbers.size();
    }

    /** Returns the positions of the rows in their files. */
    RowPositions places() {
        return RowPositions.of(
                files,
                fileOf.stream().mapToInt(Integer::intValue).toArray(),
                numbers.stream().mapToLong(Long::longValue).toArray());
    }

    /** Returns the image of each row; null if there is no image column. */
    @Nullable
    List<ImageSource> images() {
        return images == null ? null : sources;
    }

    List<@Nullable String> of(String name) {
        return columns.get(names.indexOf(name));
    }

    /** Returns a text column, in which every row must contain a visible character. */
    List<String> texts(String name) {
        return present(name, "text", false);
    }

    /** Returns a column of second texts, some of which may be empty. */
    List<String> secondTexts(String name) {
        return present(name, "text", true);
    }

    /** Returns a column in which every row must contain a visible character; messages call the content {@code what}. */
    List<String> required(String name, String what) {
        return present(name, what, false);
    }

    private List<String> present(String name, String what, boolean emptyToo) {
        List<String> texts = new ArrayList<>(rows());
        RowPositions places = places();
        for (String cell : of(name)) {
            if (cell == null || (!emptyToo && blank(cell))) {
                throw new UserException("%s has no %s in column \"%s\"; fill it in or leave the row out."
                        .formatted(places.at(texts.size()), what, Excerpt.text(name)));
            }
            texts.add(cell);
        }
        return texts;
    }

    static boolean blank(String text) {
        // no-break spaces count as space characters, tabs and line feeds as whitespace
        return text.codePoints().allMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c));
    }
}
