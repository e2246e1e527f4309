package org.layerwise.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.image.ImageSource;

/** The columns that were read: texts by name, and the images of one column, which are decoded from their text at once. */
final class Cells implements DuckDb.RowReader {

    private static final int ROWS_BETWEEN_CHECKS = 500;

    private final List<String> names;
    private final Path file;
    private final @Nullable Integer limit;
    private final Progress progress;
    private final @Nullable ImageColumn images;
    private final List<ImageSource> sources = new ArrayList<>();
    private int rows;
    private final List<List<@Nullable String>> columns = new ArrayList<>();

    Cells(List<String> names, @Nullable ImageColumn images, Path file, @Nullable Integer limit, Progress progress) {
        this.names = names;
        this.file = file;
        this.limit = limit;
        this.progress = progress;
        this.images = images;
        names.forEach(name -> columns.add(new ArrayList<>()));
    }

    @Override
    public void row(@Nullable String[] cells) {
        for (int i = 0; i < cells.length; i++) {
            if (images != null && names.get(i).equals(images.column())) {
                sources.add(images.parse(rows, cells[i]));
            } else {
                columns.get(i).add(cells[i]);
            }
        }
        rows++;
        if (rows() % ROWS_BETWEEN_CHECKS == 0) {
            progress.check();
            progress.report(
                    limit == null ? Progress.UNKNOWN : (double) rows() / limit,
                    "Reading %s: %d rows".formatted(file.getFileName(), rows()));
        }
    }

    int rows() {
        return rows;
    }

    /** The image of each row; null if there is no such column. */
    @Nullable
    List<ImageSource> images() {
        return images == null ? null : sources;
    }

    List<@Nullable String> of(String name) {
        return columns.get(names.indexOf(name));
    }

    /** A text column, in which every row must hold something that can be seen. */
    List<String> texts(String name) {
        return present(name, false);
    }

    /** A column of second texts, some of which may be empty. */
    List<String> secondTexts(String name) {
        return present(name, true);
    }

    private List<String> present(String name, boolean emptyToo) {
        List<String> texts = new ArrayList<>(rows());
        for (String cell : of(name)) {
            if (cell == null || (!emptyToo && blank(cell))) {
                throw new UserException("Row %d of %s has no text in column \"%s\"; fill it in or leave the row out."
                        .formatted(texts.size() + 1, file, Shown.text(name)));
            }
            texts.add(cell);
        }
        return texts;
    }

    private static boolean blank(String text) {
        // no-break spaces count as space characters, tabs and line feeds as whitespace
        return text.codePoints().allMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c));
    }
}
