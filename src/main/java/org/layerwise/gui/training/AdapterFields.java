package org.layerwise.gui.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableValue;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.settings.SettingGroups;

/** Form fields for the adapters to train. */
public final class AdapterFields {

    private static final LoraVariant PLAIN = LoraVariant.PLAIN;
    private static final List<Setting<?>> SETTINGS = LoraSettings.ALL.stream()
            .filter(setting -> setting != LoraSettings.VARIANT && setting != LoraSettings.TARGET_MODULES)
            .toList();
    private static final int DEFAULT_ITERATIONS =
            InitialisationChoice.ITERATIONS.defaultValue().orElseThrow();

    private final Field<Boolean> sharded = Field.flag("miss", PLAIN.sharded());
    private final ObservableValue<Boolean> variants = sharded.valueProperty().map(miss -> !miss);
    private final Field<InitialisationChoice> start = Field.choice(
                    "start", InitialisationChoice.of(PLAIN.initialisation()))
            .shownWhile(variants);
    private final Field<@Nullable Integer> iterations = Field.of(InitialisationChoice.ITERATIONS)
            .shownWhile(Bindings.createBooleanBinding(
                    () -> !sharded.get() && start.get() == InitialisationChoice.PISSA_FAST,
                    sharded.valueProperty(),
                    start.valueProperty()));
    private final Field<Boolean> rankStabilised =
            Field.flag("rslora", PLAIN.rankStabilised()).shownWhile(variants);
    private final Field<Boolean> decomposed =
            Field.flag("dora", PLAIN.decomposed()).shownWhile(variants);
    private final SettingFields settings = new SettingFields(SETTINGS);
    private final Field<List<String>> targetModules = Field.modules("modules");
    private final ObservableValue<LoraVariant> variant = Bindings.createObjectBinding(
            this::variant,
            sharded.valueProperty(),
            start.valueProperty(),
            iterations.valueProperty(),
            rankStabilised.valueProperty(),
            decomposed.valueProperty());

    /** Creates the fields with their defaults. */
    AdapterFields() {
        SETTINGS.forEach(
                setting -> settings.of(setting).shownWhile(variant.map(chosen -> setting.appliesTo(of(chosen)))));
    }

    private static SettingValues of(LoraVariant variant) {
        return SettingValues.none().with(LoraSettings.VARIANT, variant);
    }

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

    /** Variant that the fields describe. */
    public ObservableValue<LoraVariant> variantProperty() {
        return variant;
    }

    private LoraVariant variant() {
        // MiSS hides the fields of LoRA's variants, which keep their values
        return sharded.get()
                ? LoraVariant.MISS
                : new LoraVariant(
                        rankStabilised.get(),
                        decomposed.get(),
                        start.get().initialisation(Objects.requireNonNull(iterations.get())));
    }

    FieldGroup group() {
        List<Field<?>> usual = new ArrayList<>(List.of(start, iterations));
        usual.addAll(settings.usual());
        usual.addAll(List.of(targetModules, rankStabilised, decomposed, sharded));
        return new FieldGroup("adapter", SettingGroups.ADAPTER.title(), usual, settings.advanced());
    }

    void fill(SettingValues values) {
        LoraVariant filled = values.get(LoraSettings.VARIANT);
        start.set(InitialisationChoice.of(filled.initialisation()));
        iterations.set(InitialisationChoice.iterations(filled.initialisation()).orElse(DEFAULT_ITERATIONS));
        rankStabilised.set(filled.rankStabilised());
        decomposed.set(filled.decomposed());
        sharded.set(filled.sharded());
        targetModules.set(values.find(LoraSettings.TARGET_MODULES).orElse(List.of()));
        settings.fill(values);
    }

    SettingValues values() {
        SettingValues applied = settings.values();
        for (Setting<?> setting : SETTINGS) {
            applied = setting.appliesTo(of(variant())) ? applied : applied.without(setting);
        }
        return applied.with(LoraSettings.VARIANT, variant())
                .with(
                        LoraSettings.TARGET_MODULES,
                        Optional.of(targetModules.get()).filter(names -> !names.isEmpty()));
    }
}
