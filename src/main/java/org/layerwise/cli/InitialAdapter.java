package org.layerwise.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Json;
import org.layerwise.base.UserException;
import org.layerwise.selection.LayerList;
import org.layerwise.selection.PeftFragment;

/**
 * An adapter that a training starts from: its {@code adapter_config.json} (HuggingFace PEFT, {@code LoraConfig}) decides
 * the shape, and flags may only repeat it.
 */
final class InitialAdapter {

    private final Path file;
    private final AdapterChoice shape;

    private InitialAdapter(Path file, AdapterChoice shape) {
        this.file = file;
        this.shape = shape;
    }

    /**
     * Reads the shape of a saved adapter.
     *
     * @throws UserException if the folder holds no readable adapter_config.json
     */
    static InitialAdapter read(Path folder) {
        Path file = folder.resolve("adapter_config.json");
        JsonNode config = Json.read(file);
        JsonNode rank = config.path("r");
        JsonNode alpha = config.path("lora_alpha");
        if (!rank.isInt() || !alpha.isNumber()) {
            throw new UserException("%s has no number for \"%s\"; it is not the config of a LoRA adapter."
                    .formatted(file, rank.isInt() ? "lora_alpha" : "r"));
        }
        return new InitialAdapter(
                file,
                new AdapterChoice(
                        PeftFragment.readLayers(file).orElse(null),
                        names(config.path("target_modules")),
                        rank.intValue(),
                        alpha.doubleValue()));
    }

    /**
     * The shape, once the flags are known to agree with it.
     *
     * @throws UserException if one does not
     */
    AdapterChoice complete(AdapterChoice flags) {
        if (flags.rank() != null && !flags.rank().equals(shape.rank())) {
            throw contradicts("--r", flags.rank(), shape.rank());
        }
        if (flags.alpha() != null && !flags.alpha().equals(shape.alpha())) {
            throw contradicts("--alpha", flags.alpha(), shape.alpha());
        }
        if (flags.targetModules() != null
                && shape.targetModules() != null
                && !sorted(flags.targetModules()).equals(sorted(shape.targetModules()))) {
            throw contradicts(
                    "--target-modules",
                    String.join(",", flags.targetModules()),
                    String.join(",", shape.targetModules()));
        }
        SortedSet<Integer> named = flags.layers();
        if (named != null && shape.layers() != null && !named.equals(shape.layers())) {
            throw contradicts("the selection of layers", LayerList.format(named), LayerList.format(shape.layers()));
        }
        return new AdapterChoice(
                shape.layers() == null ? named : shape.layers(),
                shape.targetModules() == null ? flags.targetModules() : shape.targetModules(),
                shape.rank(),
                shape.alpha());
    }

    private UserException contradicts(String flag, @Nullable Object said, @Nullable Object saved) {
        return new UserException(
                "%s is %s, but the initial adapter's %s says %s; leave it out or start without --init-adapter."
                        .formatted(flag, said, file, saved));
    }

    /** PEFT also knows a regular expression here, which is left to whoever loads the adapter. */
    private static @Nullable List<String> names(JsonNode targets) {
        if (!targets.isArray()) {
            return null;
        }
        List<String> names = new ArrayList<>();
        targets.forEach(name -> names.add(name.asText()));
        return names;
    }

    private static SortedSet<String> sorted(Collection<String> names) {
        return new TreeSet<>(names);
    }
}
