package org.layerwise.study;

/**
 * Which model is opened and how, as the flags {@code --model --device --dtype --load} say.
 *
 * @param model {@code sample}, a HuggingFace folder, or a hub id such as {@code org/name} or {@code org/name@revision}
 * @param device {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:INDEX}
 */
public record ModelSettings(String model, String device, ComputeType type, Loading loading) {

    /** The defaults for a model. */
    public static ModelSettings of(String model) {
        return new ModelSettings(model, "auto", ComputeType.AUTO, Loading.AUTO);
    }

    /** The same for work on a cluster: what people have chosen is kept, otherwise nothing is loaded. */
    public ModelSettings elsewhere() {
        return loading == Loading.AUTO ? new ModelSettings(model, device, type, Loading.NONE) : this;
    }

    /** The same on another device. */
    public ModelSettings onDevice(String other) {
        return new ModelSettings(model, other, type, loading);
    }
}
