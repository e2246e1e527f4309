package org.layerwise.cli.option;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.lora.Initialisation;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.selection.LayerList;
import org.layerwise.settings.AdapterSettings;
import org.layerwise.study.adapter.AdapterShape;

/**
 * Adapter from which training starts. Its saved config determines the shape; flags must not contradict it.
 *
 * @param shape shape of the saved adapter
 */
record InitialAdapter(AdapterShape shape) {

    /**
     * Reads the shape of a saved adapter.
     *
     * @throws UserException if the folder contains no config of a supported adapter
     */
    static InitialAdapter read(Path folder) {
        return new InitialAdapter(AdapterShape.read(folder));
    }

    /**
     * Returns the settings of the flags, completed by the saved shape.
     *
     * @throws UserException if a flag contradicts the saved shape
     */
    AdapterSettings complete(AdapterSettings flags) {
        SettingValues given = flags.values();
        requireSame(LoraSettings.RANK, given, shape.rank());
        requireSame(LoraSettings.ALPHA, given, shape.alpha());
        requireSameNames(LoraSettings.TARGET_MODULES, given, shape.targetModules());
        requireSameWeights(given);
        SortedSet<Integer> named = flags.layers();
        if (named != null && shape.layers() != null && !named.equals(shape.layers())) {
            throw contradicts("the selection of layers", LayerList.format(named), LayerList.format(shape.layers()));
        }
        LoraVariant variant = variant(given.given(LoraSettings.VARIANT).orElse(null));
        requireSame(LoraSettings.BIAS, given, shape.bias());
        requireSame(LoraSettings.RANK_PATTERN, given, shape.rankPattern());
        requireSame(LoraSettings.ALPHA_PATTERN, given, shape.alphaPattern());
        requireSameNames(LoraSettings.MODULES_TO_SAVE, given, shape.modulesToSave());
        SettingValues values = given.with(LoraSettings.RANK, shape.rank())
                .with(LoraSettings.ALPHA, shape.alpha())
                .with(LoraSettings.VARIANT, variant)
                .with(LoraSettings.BIAS, shape.bias())
                .with(LoraSettings.RANK_PATTERN, shape.rankPattern())
                .with(LoraSettings.ALPHA_PATTERN, shape.alphaPattern())
                .with(LoraSettings.TARGET_PARAMETERS, shape.targetParameters())
                .with(LoraSettings.MODULES_TO_SAVE, shape.modulesToSave());
        List<String> targets = shape.targetModules();
        return new AdapterSettings(
                shape.layers() == null ? named : shape.layers(),
                flags.layersReason(),
                targets == null ? values : values.with(LoraSettings.TARGET_MODULES, targets));
    }

    /**
     * Returns the variant of the saved adapter. If its config says random initialisation, the flag may still name
     * PiSSA, OLoRA or LoRA-GA, since the adapter may be what they take out of the weights.
     *
     * @throws UserException if the flag contradicts the config
     */
    private LoraVariant variant(@Nullable LoraVariant flag) {
        LoraVariant own = shape.variant();
        if (flag == null || flag.equals(own)) {
            return own;
        }
        boolean principal = !own.sharded()
                && flag.initialisation() instanceof Initialisation.TakenOut
                && own.initialisation() instanceof Initialisation.Random;
        boolean same = flag.rankStabilised() == own.rankStabilised() && flag.decomposed() == own.decomposed();
        boolean silent = !flag.rankStabilised() && !flag.decomposed();
        if (principal && (same || silent)) {
            return new LoraVariant(own.rankStabilised(), own.decomposed(), flag.initialisation());
        }
        throw contradicts("--variant", flag.id(), own.id());
    }

    private <T> void requireSame(Setting<T> setting, SettingValues given, T saved) {
        given.given(setting).filter(said -> !said.equals(saved)).ifPresent(said -> {
            throw contradicts(setting.flag(), setting.write(said), written(setting, saved));
        });
    }

    /**
     * Compares names in any order, without the names that PEFT always adds for classifiers.
     *
     * @throws UserException if the names differ
     */
    private void requireSameNames(Setting<List<String>> setting, SettingValues given, @Nullable List<String> saved) {
        Optional<List<String>> said = given.given(setting);
        if (saved != null && said.isPresent() && !asked(said.get()).equals(asked(saved))) {
            throw contradicts(setting.flag(), setting.write(said.get()), written(setting, saved));
        }
    }

    /**
     * Compares weights of experts, which an adapter names in full.
     *
     * @throws UserException if the given names do not mean the weights of the adapter
     */
    private void requireSameWeights(SettingValues given) {
        given.given(LoraSettings.TARGET_PARAMETERS)
                .filter(said -> !shape.adaptsExpertsOf(said))
                .ifPresent(said -> {
                    throw contradicts(
                            LoraSettings.TARGET_PARAMETERS.flag(),
                            LoraSettings.TARGET_PARAMETERS.write(said),
                            written(LoraSettings.TARGET_PARAMETERS, shape.targetParameters()));
                });
    }

    private static Set<String> asked(List<String> names) {
        Set<String> asked = new TreeSet<>(names);
        asked.removeAll(LoraSettings.CLASSIFIERS);
        return asked;
    }

    private static <T> String written(Setting<T> setting, T value) {
        String text = setting.write(value);
        return text.isEmpty() ? "none" : text;
    }

    private UserException contradicts(String flag, Object said, Object saved) {
        return new UserException(
                "%s is %s, but the initial adapter's %s says %s; leave it out or start without --init-adapter."
                        .formatted(flag, said, shape.file(), saved));
    }
}
