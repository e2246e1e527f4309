package org.layerwise.gui.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.settings.SettingValues;
import org.layerwise.study.SettingGroups;

/** The fields that say which adapters are trained. */
public final class AdapterFields {

    private static final LoraVariant PLAIN = LoraVariant.PLAIN;
    private static final int DEFAULT_ITERATIONS =
            StartChoice.ITERATIONS.defaultValue().orElseThrow();

    private final Field<StartChoice> start = Field.choice("start", StartChoice.of(PLAIN.initialisation()));
    private final Field<@Nullable Integer> iterations = Field.of(StartChoice.ITERATIONS)
            .shownWhile(start.valueProperty().map(chosen -> chosen == StartChoice.PISSA_FAST));
    private final Field<Boolean> rankStabilised = Field.flag("rslora", PLAIN.rankStabilised());
    private final Field<Boolean> decomposed = Field.flag("dora", PLAIN.decomposed());
    private final SettingFields settings = new SettingFields(LoraSettings.ALL.stream()
            .filter(setting -> setting != LoraSettings.VARIANT && setting != LoraSettings.TARGET_MODULES)
            .toList());
    private final Field<List<String>> targetModules = Field.modules("modules");

    /** What fresh adapters start as. */
    public Field<StartChoice> start() {
        return start;
    }

    /** Whether it is rsLoRA. */
    public Field<Boolean> rankStabilised() {
        return rankStabilised;
    }

    /** Whether it is DoRA. */
    public Field<Boolean> decomposed() {
        return decomposed;
    }

    /** r. */
    public Field<@Nullable Integer> rank() {
        return settings.of(LoraSettings.RANK);
    }

    public Field<@Nullable Double> alpha() {
        return settings.of(LoraSettings.ALPHA);
    }

    /** Dropout of the adapters' input. */
    public Field<@Nullable Double> dropout() {
        return settings.of(LoraSettings.DROPOUT);
    }

    /** What gets adapters in a selected layer; empty for the family's default. */
    public Field<List<String>> targetModules() {
        return targetModules;
    }

    /** The folder of an adapter to start from; null for new ones. */
    public Field<@Nullable Path> initial() {
        return settings.of(LoraSettings.INIT_ADAPTER);
    }

    Group group() {
        List<Field<?>> usual = new ArrayList<>(List.of(start, iterations));
        usual.addAll(settings.usual());
        usual.addAll(List.of(targetModules, rankStabilised, decomposed));
        return new Group("adapter", SettingGroups.ADAPTER.title(), usual, settings.advanced());
    }

    void fill(SettingValues values) {
        LoraVariant variant = values.get(LoraSettings.VARIANT);
        start.set(StartChoice.of(variant.initialisation()));
        iterations.set(StartChoice.iterations(variant.initialisation()).orElse(DEFAULT_ITERATIONS));
        rankStabilised.set(variant.rankStabilised());
        decomposed.set(variant.decomposed());
        targetModules.set(values.find(LoraSettings.TARGET_MODULES).orElse(List.of()));
        settings.fill(values);
    }

    SettingValues values() {
        LoraVariant variant = new LoraVariant(
                rankStabilised.get(),
                decomposed.get(),
                start.get().initialisation(Objects.requireNonNull(iterations.get())));
        return settings.values()
                .with(LoraSettings.VARIANT, variant)
                .with(
                        LoraSettings.TARGET_MODULES,
                        Optional.of(targetModules.get()).filter(names -> !names.isEmpty()));
    }
}
