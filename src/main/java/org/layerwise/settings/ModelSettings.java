package org.layerwise.settings;

import java.util.List;
import java.util.regex.Pattern;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingType;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.model.quantization.WeightQuantization;

/**
 * Model to open and its settings, as given by the flags {@code --model --device --dtype --load --quantize
 * --keep-quantized}.
 *
 * @param model {@code sample}, a HuggingFace folder, or a hub id such as {@code org/name} or {@code org/name@revision}
 * @param device {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:INDEX}
 * @param type data type to compute in
 * @param loading part of the model that is in memory at a time
 * @param quantization form into which linear maps are packed when the model is opened
 * @param keepsQuantized true to keep the packed matrices on disk for the next time
 */
public record ModelSettings(
        String model,
        String device,
        ComputeType type,
        Loading loading,
        WeightQuantization quantization,
        boolean keepsQuantized) {

    private static final Pattern DEVICES = Pattern.compile("auto|cpu|cuda(:\\d{1,3})?");

    public static final Setting<String> DEVICE = Setting.of(
                    "device",
                    SettingType.of(
                            SettingType.Kind.TEXT,
                            "auto|cpu|cuda[:i]",
                            "auto, cpu, cuda or cuda:i",
                            ModelSettings::device,
                            device -> device),
                    "auto")
            .changingNoNumbers()
            .title("Device")
            .help("Where to compute; auto takes the first GPU that can be used, else the CPU.");

    public static final Setting<ComputeType> DTYPE = Setting.choice(
                    "dtype", ComputeType.class, ComputeType::id, ComputeType.AUTO)
            .title("Precision")
            .help(
                    "Numbers to compute in. auto is float32 on the CPU, and on a GPU bfloat16 for checkpoints stored in 16 bits."
                            + " Half of the memory in 16 bits; f16 needs a GPU.");

    public static final Setting<Loading> LOAD = Setting.choice("load", Loading.class, Loading::id, Loading.AUTO)
            .changingNoNumbers()
            .title("Loading")
            .help(
                    "How much of the model is in memory at a time. layers is for models larger than the memory: matrices stay in"
                            + " their files, and each computation reads them; auto does so where the whole does not fit. none,"
                            + " which is usual with --on, asks for configuration and tokenizer only.");

    public static final Setting<WeightQuantization> QUANTIZE = Setting.choice(
                    "quantize", WeightQuantization.class, WeightQuantization::id, WeightQuantization.NONE)
            .title("Quantisation")
            .help(
                    "Packs the linear maps of layers as bitsandbytes does, one after the other, when the model is opened: nf4 and"
                            + " nf4-double take 4 bits for each weight, int8 takes 8. The packed matrices lie in files in the cache.");

    public static final Setting<Boolean> KEEP_QUANTIZED = Setting.flag("keep-quantized")
            .changingNoNumbers()
            .title("Keep the quantised matrices")
            .help(
                    "Leaves the files of --quantize in the cache, so that the model opens at once the next time. Otherwise they are"
                            + " deleted when it is closed.");

    /** All settings of a model except its name, in the order of their keys in files. */
    public static final List<Setting<?>> VALUES = List.of(DEVICE, DTYPE, LOAD, QUANTIZE, KEEP_QUANTIZED);

    /** Creates settings of a model that is opened as it is stored. */
    public ModelSettings(String model, String device, ComputeType type, Loading loading) {
        this(model, device, type, loading, WeightQuantization.NONE, false);
    }

    private static String device(String text) {
        String device = text.strip();
        if (!DEVICES.matcher(device).matches()) {
            throw new IllegalArgumentException(text);
        }
        return device;
    }

    /** Returns the default settings for a model. */
    public static ModelSettings of(String model) {
        return of(model, SettingValues.none());
    }

    /** Returns settings for a model with some of the values of {@link #VALUES}. */
    public static ModelSettings of(String model, SettingValues values) {
        return new ModelSettings(
                model,
                values.get(DEVICE),
                values.get(DTYPE),
                values.get(LOAD),
                values.get(QUANTIZE),
                values.get(KEEP_QUANTIZED));
    }

    /** Returns the settings with another data type. */
    public ModelSettings withType(ComputeType other) {
        return with(DTYPE, other);
    }

    /** Returns the settings with another part of the model in memory at a time. */
    public ModelSettings withLoading(Loading other) {
        return with(LOAD, other);
    }

    /** Returns the settings for another model. */
    public ModelSettings withModel(String other) {
        return of(other, values());
    }

    /** Returns the settings with the linear maps in another form. */
    public ModelSettings withQuantization(WeightQuantization other, boolean keeps) {
        return of(model, values().with(QUANTIZE, other).with(KEEP_QUANTIZED, keeps));
    }

    /** Returns the values of {@link #VALUES}. */
    public SettingValues values() {
        return SettingValues.none()
                .with(DEVICE, device)
                .with(DTYPE, type)
                .with(LOAD, loading)
                .with(QUANTIZE, quantization)
                .with(KEEP_QUANTIZED, keepsQuantized);
    }

    /**
     * Returns these settings for work on a cluster: with {@link Loading#NONE} instead of {@link Loading#AUTO}, and
     * otherwise unchanged.
     */
    public ModelSettings elsewhere() {
        return loading == Loading.AUTO ? withLoading(Loading.NONE) : this;
    }

    /** Returns these settings with another device. */
    public ModelSettings onDevice(String other) {
        return with(DEVICE, other);
    }

    private <T> ModelSettings with(Setting<T> setting, T value) {
        return of(model, values().with(setting, value));
    }
}
