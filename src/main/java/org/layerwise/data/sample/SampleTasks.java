package org.layerwise.data.sample;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.Dataset;
import org.layerwise.data.Labels;
import org.layerwise.data.Split;
import org.layerwise.data.sample.BalancedSplit.Example;

/**
 * Two tasks of real English text that need no download: they are read from jars on the class path on each call, and
 * always give the same rows. Both splits of both tasks are balanced, and so are their first n rows. No text is in both
 * splits or twice in one, and no near copy of a sentence either ({@link NearDuplicates}); this holds for the halves too.
 */
public final class SampleTasks {

    /** Eight kinds of things by their WordNet definition; a model learns this task in a minute. */
    public static final String DEFINITIONS = "sample:definitions";

    /** Grammatical acceptability, on the examples of LanguageTool's rules; a hard task. */
    public static final String ACCEPTABILITY = "sample:acceptability";

    private static final String PREFIX = "sample:";

    /** Suffixes of a location for the halves of the validation rows, to select on one half and measure on the other. */
    private static final String FIRST_HALF = ":validation";

    private static final String SECOND_HALF = ":test";
    private static final String WORDNET = "net/sf/extjwnl/data/wordnet/wn31/data.noun";
    private static final String GRAMMAR = "org/languagetool/rules/en/grammar.xml";
    private static final List<String> COLUMNS = List.of("text", "label");

    private final ClassLoader classPath;

    public SampleTasks() {
        this(SampleTasks.class.getClassLoader());
    }

    /** Creates tasks with the class loader that finds their files. */
    SampleTasks(ClassLoader classPath) {
        this.classPath = classPath;
    }

    /** Returns the names of both tasks. */
    public static List<String> locations() {
        return List.of(DEFINITIONS, ACCEPTABILITY);
    }

    /** Returns true if a location names a sample task. */
    public static boolean isSample(String location) {
        return location.startsWith(PREFIX);
    }

    /**
     * Reads one part of a task; the name of the dataset is that of the task without {@code sample:}. With the suffix
     * {@code :validation} or {@code :test}, the part is one half of the validation rows for every split; both halves
     * are balanced.
     *
     * @param limit maximum number of rows, the first ones; null for all
     * @throws UserException if there is no such task
     */
    public Dataset read(String location, Split split, @Nullable Integer limit, Progress progress) {
        progress.report(0, "Reading " + location);
        progress.check();
        String half = half(location);
        String task = task(location);
        List<String> names;
        BalancedSplit balanced;
        switch (task) {
            case DEFINITIONS -> {
                names = DefinitionGlosses.NAMES;
                balanced = new BalancedSplit(DefinitionGlosses.unambiguous(glosses()), names.size());
            }
            case ACCEPTABILITY -> {
                names = GrammarExamples.NAMES;
                balanced = new BalancedSplit(GrammarExamples.groups(sentences()), names.size());
            }
            default ->
                throw new UserException("There is no sample task \"%s\"; there are %s."
                        .formatted(location, String.join(" and ", locations())));
        }
        progress.check();
        List<Example> rows =
                switch (half) {
                    case FIRST_HALF -> balanced.halves().first();
                    case SECOND_HALF -> balanced.halves().second();
                    default -> balanced.rows(split);
                };
        if (limit != null && limit < rows.size()) {
            rows = rows.subList(0, limit);
        }
        progress.report(1, "Read %s rows".formatted(rows.size()));
        return Dataset.ofTexts(
                location.substring(PREFIX.length()).replace(':', '-'),
                location,
                COLUMNS,
                rows.stream().map(Example::text).toList(),
                null,
                new Labels.Classes(rows.stream().mapToInt(Example::label).toArray(), names));
    }

    /**
     * Returns the location of the other half of the validation rows, if a location names one half; empty for a whole
     * task.
     */
    public static Optional<String> otherHalf(String location) {
        String half = half(location);
        return half.isEmpty()
                ? Optional.empty()
                : Optional.of(task(location) + (half.equals(FIRST_HALF) ? SECOND_HALF : FIRST_HALF));
    }

    /**
     * Returns true if the rows to train on at one location are among the validation rows at another: those of a whole
     * task contain both halves.
     */
    public static boolean trainsOnValidation(String train, String validation) {
        String half = half(train);
        return !half.isEmpty()
                && task(train).equals(task(validation))
                && (half(validation).isEmpty() || half(validation).equals(half));
    }

    private static String task(String location) {
        return location.substring(0, location.length() - half(location).length());
    }

    private static String half(String location) {
        for (String half : List.of(FIRST_HALF, SECOND_HALF)) {
            if (location.endsWith(half)) {
                return half;
            }
        }
        return "";
    }

    List<Example> glosses() {
        try (InputStream in = open(WORDNET)) {
            return DefinitionGlosses.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + WORDNET, e);
        }
    }

    List<GrammarExamples.Sentence> sentences() {
        try (InputStream in = open(GRAMMAR)) {
            return GrammarExamples.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + GRAMMAR, e);
        } catch (XMLStreamException e) {
            throw new IllegalStateException("cannot read " + GRAMMAR, e);
        }
    }

    private InputStream open(String resource) throws IOException {
        InputStream in = classPath.getResourceAsStream(resource);
        if (in == null) {
            throw new FileNotFoundException(resource + " is not on the class path");
        }
        return in;
    }
}
