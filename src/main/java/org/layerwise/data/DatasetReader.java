package org.layerwise.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;
import org.layerwise.data.image.ImageSource;

/**
 * Reads datasets from files (through DuckDB) and from the sample tasks. A file with a column {@code input_ids} holds data
 * that were tokenised before ({@code token_type_ids} and {@code labels} beside it, as HuggingFace's data sets name them);
 * every other file holds text, and so does
 * this one if a text column is asked for.
 */
public final class DatasetReader {

    // encoded images of so many rows at a time go through DuckDB, whose memory is limited
    private static final int IMAGES_AT_ONCE = 256;

    private final SampleTasks samples;

    public DatasetReader() {
        this(new SampleTasks());
    }

    /** With the source of the sample tasks. */
    public DatasetReader(SampleTasks samples) {
        this.samples = samples;
    }

    /** As {@link #read(DataSource, LabelUse, Progress)} with {@link LabelUse#AUTO}. */
    public Dataset read(DataSource source, Progress progress) {
        return read(source, LabelUse.AUTO, progress);
    }

    /**
     * Reads all rows, or the first {@code source.limit()} in file order. Rows are counted from 1 in messages, without the
     * header.
     *
     * @throws UserException if the file is missing, broken, of an unknown kind or empty, a column is missing, or a row lacks
     *     its text, its tokens or its label
     * @throws org.layerwise.base.CancelledException if the progress was cancelled
     */
    public Dataset read(DataSource source, LabelUse use, Progress progress) {
        if (source.sample()) {
            if (!source.columns().equals(ColumnMapping.USUAL)) {
                throw new UserException(
                        "%s is a sample task, and sample tasks have their own columns; leave out --text, --label and --image."
                                .formatted(source.location()));
            }
            return samples.read(source.location(), source.split(), source.limit(), progress);
        }
        Path file = existing(source.location());
        FileFormat format = FileFormat.of(file);
        progress.report(0, "Reading " + file.getFileName());
        try (DuckDb duckDb = DuckDb.forFile(file)) {
            UsualColumns columns = new UsualColumns(file, format.columns(file, duckDb));
            Optional<String> label = columns.label(source.columns(), use);
            List<String> chosen = new ArrayList<>();
            boolean pretokenized = columns.pretokenized(source.columns());
            label.ifPresent(column -> format.requireLabels(file, column, pretokenized, duckDb));
            if (pretokenized) {
                chosen.add(UsualColumns.INPUT_IDS);
                for (String optional : List.of(UsualColumns.TYPE_IDS, UsualColumns.ATTENTION_MASK)) {
                    if (columns.has(optional)) {
                        chosen.add(optional);
                    }
                }
            } else {
                chosen.addAll(columns.text(source.columns()).names());
            }
            label.ifPresent(chosen::add);
            Optional<String> image = columns.image(source.columns());
            image.ifPresent(column -> requireOwn(file, column, chosen));
            ImageColumn images =
                    image.map(column -> format.images(file, column, duckDb)).orElse(null);
            image.ifPresent(chosen::add);
            // a column may be asked for twice, as text and as label
            List<String> distinct = chosen.stream().distinct().toList();
            Cells cells = new Cells(distinct, images, file, source.limit(), progress);
            query(duckDb, format, file, distinct, images, source.limit(), cells);
            if (cells.rows() == 0) {
                throw new UserException("%s is empty: it has a header but no rows.".formatted(file));
            }
            progress.report(1, "Read %d rows".formatted(cells.rows()));
            Dataset data = pretokenized
                    ? tokens(source.location(), file, columns, cells, label, use)
                    : texts(source, file, columns, cells, label, use);
            List<ImageSource> sources = cells.images();
            return sources == null ? data : data.withImages(sources);
        }
    }

    private static void query(
            DuckDb duckDb,
            FileFormat format,
            Path file,
            List<String> columns,
            @Nullable ImageColumn images,
            @Nullable Integer limit,
            Cells cells) {
        String select = format.select(file, columns, images);
        if (images == null || images.kind() == ImageColumn.Kind.TEXT) {
            duckDb.query(select + (limit == null ? "" : " LIMIT " + limit), cells);
            return;
        }
        long all = FileFormat.rows(file, duckDb);
        long wanted = limit == null ? all : Math.min(all, limit);
        for (long first = 0; first < wanted; first += IMAGES_AT_ONCE) {
            duckDb.query(select + FileFormat.between(first, Math.min(wanted, first + IMAGES_AT_ONCE)), cells);
        }
        if (cells.rows() != wanted) {
            throw new UserException("%s says that it has %d rows but %d can be read; copy or download it again."
                    .formatted(file, wanted, cells.rows()));
        }
    }

    private static void requireOwn(Path file, String image, List<String> others) {
        if (others.contains(image)) {
            throw new UserException(
                    "Column \"%s\" of %s cannot hold the images and something else as well; name another one."
                            .formatted(Shown.text(image), file));
        }
    }

    /**
     * The names of the columns of a file, for a choice of them.
     *
     * @throws UserException if the file is missing, broken or of an unknown kind
     */
    public List<String> columns(String location) {
        Path file = existing(location);
        try (DuckDb duckDb = DuckDb.forFile(file)) {
            return List.copyOf(FileFormat.of(file).columns(file, duckDb));
        }
    }

    private static Dataset texts(
            DataSource source, Path file, UsualColumns columns, Cells cells, Optional<String> label, LabelUse use) {
        UsualColumns.Text text = columns.text(source.columns());
        Labels labels = label.map(column -> new LabelParser(source.location(), column).parse(cells.of(column), use))
                .orElseGet(Labels.None::new);
        String second = text.second();
        return Dataset.ofTexts(
                shortName(file),
                source.location(),
                columns.columns(),
                cells.texts(text.first()),
                second == null ? null : cells.secondTexts(second),
                labels);
    }

    private static Dataset tokens(
            String location, Path file, UsualColumns columns, Cells cells, Optional<String> label, LabelUse use) {
        List<TokenRow> rows = tokenRows(location, columns, cells);
        Labels labels = label.map(column -> {
                    LabelParser parser = new LabelParser(location, column);
                    List<@Nullable String> found = cells.of(column);
                    return found.stream().anyMatch(TokenLists::isList)
                            ? parser.parseTokens(found, rows)
                            : parser.parse(found, use);
                })
                .orElseGet(Labels.None::new);
        return Dataset.ofTokens(shortName(file), location, columns.columns(), rows, labels);
    }

    private static List<TokenRow> tokenRows(String location, UsualColumns columns, Cells cells) {
        List<TokenRow> rows = new ArrayList<>(cells.rows());
        for (int row = 0; row < cells.rows(); row++) {
            long[] ids = list(location, cells, UsualColumns.INPUT_IDS, row);
            if (ids.length == 0) {
                throw new UserException("Row %d of %s has no tokens: its %s is empty."
                        .formatted(row + 1, location, UsualColumns.INPUT_IDS));
            }
            if (columns.has(UsualColumns.ATTENTION_MASK)) {
                long[] masks = list(location, cells, UsualColumns.ATTENTION_MASK, row);
                requireAsMany(location, row, UsualColumns.ATTENTION_MASK, masks, ids);
                for (long mask : masks) {
                    if (mask == 0) {
                        throw new UserException("Row %d of %s is padded (%s holds 0); write the rows without padding."
                                .formatted(row + 1, location, UsualColumns.ATTENTION_MASK));
                    }
                }
            }
            long[] typeIds =
                    columns.has(UsualColumns.TYPE_IDS) ? list(location, cells, UsualColumns.TYPE_IDS, row) : null;
            if (typeIds != null) {
                requireAsMany(location, row, UsualColumns.TYPE_IDS, typeIds, ids);
            }
            rows.add(new TokenRow(ids, typeIds));
        }
        return rows;
    }

    private static void requireAsMany(String location, int row, String column, long[] values, long[] ids) {
        if (values.length != ids.length) {
            throw new UserException("Row %d of %s has %d %s for %d %s; there must be as many."
                    .formatted(row + 1, location, values.length, column, ids.length, UsualColumns.INPUT_IDS));
        }
    }

    private static long[] list(String location, Cells cells, String column, int row) {
        return TokenLists.parse(location, column, row, cells.of(column).get(row));
    }

    private static Path existing(String location) {
        try {
            Path file = Path.of(location);
            if (Files.isDirectory(file)) {
                throw new UserException("%s is a folder; a data file is expected.".formatted(file));
            }
            if (!Files.exists(file)) {
                throw new UserException("There is no data file %s.".formatted(file));
            }
            if (!Files.isRegularFile(file)) {
                throw new UserException("%s is not a regular file; write the data to one first.".formatted(file));
            }
            if (!Files.isReadable(file)) {
                throw new UserException("Cannot read %s: permission denied.".formatted(file));
            }
            FileFormat format = FileFormat.of(file);
            if (Files.size(file) == 0) {
                throw new UserException("%s is empty.".formatted(file));
            }
            format.requireBeginning(file);
            return file;
        } catch (InvalidPathException e) {
            throw new UserException("\"%s\" is not a possible file name.".formatted(location), e);
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(location, WholeFiles.reason(e)), e);
        }
    }

    private static String shortName(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }
}
