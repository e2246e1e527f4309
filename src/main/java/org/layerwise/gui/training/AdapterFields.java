package org.layerwise.gui.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.settings.SettingGroups;

/** Form fields for the adapters to train. */
public final class AdapterFields {

    private static final LoraVariant PLAIN = LoraVariant.PLAIN;
    private static final int DEFAULT_ITERATIONS =
            InitialisationChoice.ITERATIONS.defaultValue().orElseThrow();

    private final Field<InitialisationChoice> start =
            Field.choice("start", InitialisationChoice.of(PLAIN.initialisation()));
    private final Field<@Nullable Integer> iterations = Field.of(InitialisationChoice.ITERATIONS)
            .shownWhile(start.valueProperty().map(chosen -> chosen == InitialisationChoice.PISSA_FAST));
    private final Field<Boolean> rankStabilised = Field.flag("rslora", PLAIN.rankStabilised());
    private final Field<Boolean> decomposed = Field.flag("dora", PLAIN.decomposed());
    private final SettingFields settings = new SettingFields(LoraSettings.ALL.stream()
            .filter(setting -> setting != LoraSettings.VARIANT && setting != LoraSettings.TARGET_MODULES)
            .toList());
    private final Field<List<String>> targetModules = Field.modules("modules");

    /** Returns the field for the rank r. */
    public Field<@Nullable Integer> rank() {
        return settings.of(LoraSettings.RANK);
    }

    /**
     * Returns the field for the modules that receive adapters in a selected layer; an empty list stands for the default
     * of the model family.
     */
    public Field<List<String>> targetModules() {
        return targetModules;
    }

    /** Returns the field for the weights of experts that receive adapters in a selected layer. */
    public Field<List<String>> targetParameters() {
        return settings.of(LoraSettings.TARGET_PARAMETERS);
    }

    FieldGroup group() {
        List<Field<?>> usual = new ArrayList<>(List.of(start, iterations));
        usual.addAll(settings.usual());
        usual.addAll(List.of(targetModules, rankStabilised, decomposed));
        return new FieldGroup("adapter", SettingGroups.ADAPTER.title(), usual, settings.advanced());
    }

    void fill(SettingValues values) {
        LoraVariant variant = values.get(LoraSettings.VARIANT);
        start.set(InitialisationChoice.of(variant.initialisation()));
        iterations.set(InitialisationChoice.iterations(variant.initialisation()).orElse(DEFAULT_ITERATIONS));
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
