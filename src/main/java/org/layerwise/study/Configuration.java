package org.layerwise.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Limits;
import org.layerwise.base.UserException;
import org.layerwise.base.Yaml;
import org.layerwise.remote.Workers;
import org.layerwise.selection.LayerList;
import org.layerwise.settings.YamlSettings;
import org.layerwise.settings.YamlValues;

/**
 * The settings of a YAML file, the same that {@code --config} reads: keys are flags of {@code analyze}, {@code select} and
 * {@code train}, on the top level or in a section a command. What the file does not say is as usual.
 *
 * @param model its name is empty where the file names none
 * @param rows their location is empty where the file names none
 * @param training without layers, which only a model can tell the meaning of
 * @param on the cluster on which it is done; null for here
 * @param layerList layers to train as people write them; null where the file names none
 * @param selection file with layers to train; null where the file names none
 * @param keys all keys that the file has
 */
public record Configuration(
        Path file,
        ModelSettings model,
        DataSettings rows,
        AnalysisSettings analysis,
        TrainingSettings training,
        @Nullable Destination on,
        @Nullable String layerList,
        @Nullable Path selection,
        Set<String> keys) {

    /**
     * Reads a file.
     *
     * @throws UserException if it is no YAML, or a key is unknown or its value wrong; the sentence names file and key
     */
    public static Configuration read(Path file) {
        return of(file, Yaml.read(file));
    }

    /**
     * The settings of a tree, which a file holds in part.
     *
     * @param file is named in refusals
     * @throws UserException if a key is unknown or its value wrong; the sentence names file and key
     */
    public static Configuration of(Path file, ObjectNode tree) {
        ConfigReader reader = new ConfigReader(file, ConfigKeys.collect(file, tree));
        requireOne(reader, "layers", "selection");
        requireOne(reader, "epochs", "steps");
        requireOne(reader, "warmup-ratio", "warmup-steps");
        Configuration configuration = new Configuration(
                file,
                model(reader),
                rows(reader),
                analysis(reader),
                training(reader),
                on(reader),
                reader.list("layers"),
                reader.path("selection"),
                Set.copyOf(reader.values().keySet()));
        configuration.layers(Limits.MOST_LAYERS); // against the model's own number when there is one
        return configuration;
    }

    /** Whether the file names a model. */
    public boolean namesModel() {
        return !model.model().isEmpty();
    }

    /** Whether the file names data. */
    public boolean namesData() {
        return !rows.data().isEmpty();
    }

    /**
     * The layers that the file names for a model.
     *
     * @param of M, the model's number of layers
     * @return null where the file names none
     * @throws UserException if the model has no such layer
     */
    public @Nullable SortedSet<Integer> layers(int of) {
        if (layerList == null) {
            return null;
        }
        try {
            SortedSet<Integer> layers = LayerList.parse(layerList, of);
            if (!layers.isEmpty()) {
                return layers;
            }
        } catch (UserException e) {
            throw new UserException("%s, %s".formatted(YamlValues.name(file, "layers"), e.getMessage()), e);
        }
        throw new UserException("%s names no layer; write numbers and ranges, like 1,3,5-7."
                .formatted(YamlValues.name(file, "layers")));
    }

    private static @Nullable Destination on(ConfigReader reader) {
        String place = reader.text("on");
        if (place == null) {
            return null;
        }
        Workers workers = new Workers(or(reader.whole("workers", 1), 1), reader.flag("gpu-workers"));
        return new Destination(place, new Elsewhere(workers, reader.text("model-there"), reader.flag("fsdp")));
    }

    private static void requireOne(ConfigReader reader, String one, String other) {
        if (reader.values().containsKey(one) && reader.values().containsKey(other)) {
            throw new UserException("%s has the keys \"%s\" and \"%s\", which exclude each other; keep one of them."
                    .formatted(reader.file(), one, other));
        }
    }

    private static ModelSettings model(ConfigReader reader) {
        return ModelSettings.of(
                or(reader.text("model"), ""), YamlSettings.read(reader.file(), reader.values(), ModelSettings.VALUES));
    }

    private static DataSettings rows(ConfigReader reader) {
        return new DataSettings(
                or(reader.text("data"), ""), YamlSettings.read(reader.file(), reader.values(), DataSettings.VALUES));
    }

    private static AnalysisSettings analysis(ConfigReader reader) {
        return new AnalysisSettings(YamlSettings.read(reader.file(), reader.values(), AnalysisSettings.VALUES));
    }

    private static TrainingSettings training(ConfigReader reader) {
        return TrainingSettings.defaults()
                .with(YamlSettings.read(reader.file(), reader.values(), TrainingSettings.VALUES));
    }

    private static <T> T or(@Nullable T given, T usual) {
        return given == null ? usual : given;
    }
}
