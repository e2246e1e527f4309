package org.layerwise.settings;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Limits;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Yaml;
import org.layerwise.base.setting.YamlSettings;
import org.layerwise.remote.WorkerCount;
import org.layerwise.selection.LayerList;
import org.layerwise.training.OptimiserSettings;

/**
 * Settings of a YAML file, as {@code --config} reads it. Keys are flags of {@code analyze}, {@code select} and {@code
 * train}, on the top level or in a section per command. Settings that the file does not have get their defaults.
 *
 * @param model settings of the model; the model's name is empty if the file has none
 * @param rows settings of the data; the location is empty if the file has none
 * @param training settings of the training, without layers, since their meaning depends on the model
 * @param on cluster that does the work; null for this computer
 * @param layerList layers to train as text; null if the file has none
 * @param selection file with the layers to train; null if the file has none
 * @param keys all keys of the file
 */
public record Configuration(
        Path file,
        ModelSettings model,
        DataSettings rows,
        AnalysisSettings analysis,
        TrainingSettings training,
        @Nullable RemoteDestination on,
        @Nullable String layerList,
        @Nullable Path selection,
        Set<String> keys) {

    /**
     * Reads a file.
     *
     * @throws UserException if the file is not YAML, a key is unknown, or a value is wrong; the message names the file
     *     and the key
     */
    public static Configuration read(Path file) {
        return of(file, Yaml.read(file));
    }

    /**
     * Returns the settings of a tree, which may contain only some of them.
     *
     * @param file file that the message of a refusal names
     * @throws UserException if a key is unknown or a value is wrong; the message names the file and the key
     */
    public static Configuration of(Path file, ObjectNode tree) {
        ConfigurationReader reader = new ConfigurationReader(file, ConfigKeys.collect(file, tree));
        requireOne(reader, "layers", "selection");
        OptimiserSettings.REPLACED.forEach((by, setting) -> requireOne(reader, setting.name(), by.name()));
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
        configuration.layers(Limits.MOST_LAYERS); // the number of layers of the model is checked later
        return configuration;
    }

    /** Returns true if the file names a model. */
    public boolean namesModel() {
        return !model.model().isEmpty();
    }

    /** Returns true if the file names data. */
    public boolean namesData() {
        return !rows.data().isEmpty();
    }

    /**
     * Returns the layers of the file for a model.
     *
     * @param of M, the model's number of layers
     * @return the 0-based layers; null if the file has none
     * @throws UserException if the model does not have a layer, or the list is empty
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
            throw new UserException("%s, %s".formatted(YamlSettings.name(file, "layers"), e.getMessage()), e);
        }
        throw new UserException("%s names no layer; write numbers and ranges, like 1,3,5-7."
                .formatted(YamlSettings.name(file, "layers")));
    }

    private static @Nullable RemoteDestination on(ConfigurationReader reader) {
        String place = reader.text("on");
        if (place == null) {
            return null;
        }
        WorkerCount workers = new WorkerCount(or(reader.whole("workers", 1), 1), reader.flag("gpu-workers"));
        return new RemoteDestination(
                place, new RemoteOptions(workers, reader.text("model-there"), reader.flag("fsdp")));
    }

    private static void requireOne(ConfigurationReader reader, String one, String other) {
        if (reader.values().containsKey(one) && reader.values().containsKey(other)) {
            throw new UserException("%s has the keys \"%s\" and \"%s\", which exclude each other; keep one of them."
                    .formatted(reader.file(), one, other));
        }
    }

    private static ModelSettings model(ConfigurationReader reader) {
        return ModelSettings.of(
                or(reader.text("model"), ""), YamlSettings.read(reader.file(), reader.values(), ModelSettings.VALUES));
    }

    private static DataSettings rows(ConfigurationReader reader) {
        return new DataSettings(
                or(reader.text("data"), ""), YamlSettings.read(reader.file(), reader.values(), DataSettings.VALUES));
    }

    private static AnalysisSettings analysis(ConfigurationReader reader) {
        return new AnalysisSettings(YamlSettings.read(reader.file(), reader.values(), AnalysisSettings.VALUES));
    }

    private static TrainingSettings training(ConfigurationReader reader) {
        return TrainingSettings.defaults()
                .with(YamlSettings.read(reader.file(), reader.values(), TrainingSettings.VALUES));
    }

    private static <T> T or(@Nullable T given, T usual) {
        return given == null ? usual : given;
    }
}
