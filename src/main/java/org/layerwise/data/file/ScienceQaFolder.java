package org.layerwise.data.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.data.Dataset;
import org.layerwise.data.Excerpt;
import org.layerwise.data.LabelUse;
import org.layerwise.data.SampleChoice;
import org.layerwise.data.SamplingMode;
import org.layerwise.data.Split;
import org.layerwise.data.TaskPreset;

/**
 * ScienceQA as its authors publish it (Lu et al., 2022): {@code problems.json}, an object of problems by their numbers,
 * and the images in the same folder as {@code images/SPLIT/NUMBER/image.png} or {@code SPLIT/NUMBER/image.png}. A
 * problem is a row with the number of the problem; problems without an image and problems of other parts are left out.
 *
 * @param problems the file {@code problems.json}
 */
record ScienceQaFolder(Path problems) {

    private static final String FILE = "problems.json";
    private static final String SPLIT = "split";

    private static final List<Column> COLUMNS = List.of(
            new Column("question", "VARCHAR"),
            new Column(ColumnRoles.CHOICES, "VARCHAR[]"),
            new Column(ColumnRoles.ANSWER, "BIGINT"),
            new Column(ColumnRoles.HINT, "VARCHAR"),
            new Column(ColumnRoles.IMAGE, "VARCHAR"),
            new Column("subject", "VARCHAR"),
            new Column("topic", "VARCHAR"),
            new Column("grade", "VARCHAR"));

    private record Problem(long number, String id, JsonNode values) {}

    /** Returns the folder of a source; null if the source is read in another way. */
    static @Nullable ScienceQaFolder find(DataSource source) {
        // a location that is no possible path is reported when files are looked for
        if (source.preset() != TaskPreset.SCIENCE_QA) {
            return null;
        }
        if (DataFiles.isPattern(source.location())) {
            return null;
        }
        File path = new File(source.location()); // may be no path, which the reader of the files reports
        File file = path.isDirectory() ? new File(path, FILE) : path;
        return file.getName().equals(FILE) && file.isFile() ? new ScienceQaFolder(file.toPath()) : null;
    }

    /**
     * Reads the problems, in the order of their numbers.
     *
     * @throws UserException if the file is broken, a problem lacks a value, or its image is missing
     */
    Dataset read(DataSource source, LabelUse use, Progress progress) {
        progress.report(0, "Reading " + FILE);
        Integer limit = source.limit();
        boolean stratified = limit != null && source.sampling() == SamplingMode.STRATIFIED;
        ColumnRoles roles = ColumnRoles.of(problems, COLUMNS, source, stratified ? LabelUse.CLASSES : use);
        List<Problem> wanted = wanted(source.split());
        if (wanted.isEmpty()) {
            throw new UserException("%s has no problem with an image in its part \"%s\"; name data that have some."
                    .formatted(problems, word(source.split())));
        }
        RawColumns cells = new RawColumns(limit == null ? null : (long) limit, progress);
        cells.begin(roles);
        for (int index : chosen(wanted.size(), source)) {
            progress.check();
            cells.row(row(wanted.get(index), roles));
        }
        progress.report(1, "Read %s rows".formatted(cells.rows()));
        return new DatasetBuilder(TaskPreset.SCIENCE_QA.id(), source, use).of(roles, cells);
    }

    private static int[] chosen(int size, DataSource source) {
        int limit = source.limit() == null ? size : source.limit();
        return source.sampling() == SamplingMode.RANDOM
                ? LongStream.of(SampleChoice.random(size, limit, source.seed()))
                        .mapToInt(Math::toIntExact)
                        .toArray()
                : IntStream.range(0, Math.min(size, limit)).toArray();
    }

    private List<Problem> wanted(Split split) {
        JsonNode all = Json.read(problems);
        if (!all.isObject()) {
            throw new UserException(
                    "%s holds no object of problems by their numbers, as ScienceQA's has; give a list of rows another name."
                            .formatted(problems));
        }
        List<Problem> wanted = new ArrayList<>();
        all.properties().forEach(entry -> {
            Problem problem = problem(entry.getKey(), entry.getValue());
            if (hasImage(problem) && split(problem).equals(word(split))) {
                wanted.add(problem);
            }
        });
        wanted.sort(Comparator.comparingLong(Problem::number));
        return wanted;
    }

    private Problem problem(String id, JsonNode values) {
        if (!id.matches("\\d{1,18}")) {
            throw new UserException("%s has the key \"%s\" where the number of a problem is expected; mend it."
                    .formatted(problems, Excerpt.text(id)));
        }
        if (!values.isObject()) {
            throw new UserException("Problem %s of %s is no object with question, choices and answer; mend it."
                    .formatted(id, problems));
        }
        return new Problem(Long.parseLong(id), id, values);
    }

    private boolean hasImage(Problem problem) {
        JsonNode image = problem.values.path(ColumnRoles.IMAGE);
        if (image.isTextual()) {
            return !image.asText().isBlank();
        }
        if (image.isNull() || image.isMissingNode()) {
            return false;
        }
        throw broken(problem, ColumnRoles.IMAGE, "the name of a file or null");
    }

    private String split(Problem problem) {
        JsonNode split = problem.values.path(SPLIT);
        if (!split.isTextual() || !List.of("train", "val", "test").contains(split.asText())) {
            throw broken(problem, SPLIT, "train, val or test");
        }
        return split.asText();
    }

    private static String word(Split split) {
        return split == Split.TRAIN ? "train" : "val";
    }

    /** Returns the row's number from 0, followed by the cells of the columns that are read. */
    private @Nullable String[] row(Problem problem, ColumnRoles roles) {
        require(problem);
        List<String> names = roles.names();
        @Nullable String[] cells = new String[names.size() + 1];
        cells[0] = String.valueOf(problem.number - 1);
        for (int i = 0; i < names.size(); i++) {
            cells[i + 1] = names.get(i).equals(ColumnRoles.IMAGE) ? image(problem) : cell(problem, names.get(i));
        }
        return cells;
    }

    private static @Nullable String cell(Problem problem, String key) {
        JsonNode value = problem.values.path(key);
        if (value.isContainerNode()) {
            return Json.line(value);
        }
        return value.isNull() || value.isMissingNode() ? null : value.asText();
    }

    private void require(Problem problem) {
        JsonNode question = problem.values.path("question");
        if (!question.isTextual() || RawColumns.blank(question.asText())) {
            throw broken(problem, "question", "a text");
        }
        JsonNode choices = problem.values.path(ColumnRoles.CHOICES);
        boolean plain = IntStream.range(0, choices.size())
                .allMatch(index -> choices.get(index).isTextual());
        if (!choices.isArray() || choices.isEmpty() || choices.size() > ImageQuestions.MOST_CHOICES || !plain) {
            throw broken(
                    problem, ColumnRoles.CHOICES, "a list of 1 to %s texts".formatted(ImageQuestions.MOST_CHOICES));
        }
        JsonNode answer = problem.values.path(ColumnRoles.ANSWER);
        if (!answer.canConvertToInt()
                || !answer.isIntegralNumber()
                || answer.intValue() < 0
                || answer.intValue() >= choices.size()) {
            throw broken(problem, ColumnRoles.ANSWER, "the number of one of its choices, from 0 on");
        }
        JsonNode hint = problem.values.path(ColumnRoles.HINT);
        if (!hint.isTextual() && !hint.isNull() && !hint.isMissingNode()) {
            throw broken(problem, ColumnRoles.HINT, "a text or null");
        }
    }

    /** Returns the path of the image relative to the folder. */
    private String image(Problem problem) {
        String name = problem.values.path(ColumnRoles.IMAGE).asText().strip();
        String beside = "%s/%s/%s".formatted(split(problem), problem.id, name);
        List<String> places = List.of("images/" + beside, beside);
        try {
            return places.stream()
                    .filter(place -> Files.isRegularFile(problems.resolveSibling(place)))
                    .findFirst()
                    .orElseThrow(() -> new UserException(
                            "The image of problem %s of %s is neither at %s nor at %s; unpack the images there."
                                    .formatted(
                                            problem.id,
                                            problems,
                                            problems.resolveSibling(places.get(0)),
                                            problems.resolveSibling(places.get(1)))));
        } catch (InvalidPathException e) {
            throw new UserException(
                    "Problem %s of %s has no possible file name (%s) in \"%s\"; mend it or leave the problem out."
                            .formatted(problem.id, problems, Excerpt.text(name), ColumnRoles.IMAGE),
                    e);
        }
    }

    private UserException broken(Problem problem, String key, String expected) {
        JsonNode value = problem.values.get(key);
        return new UserException("Problem %s of %s needs %s as \"%s\" and has %s; mend it or leave the problem out."
                .formatted(
                        problem.id, problems, expected, key, value == null ? "none" : Excerpt.text(Json.line(value))));
    }
}
