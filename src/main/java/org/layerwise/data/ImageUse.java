package org.layerwise.data;

import org.layerwise.data.image.ImagePreprocessor;

/**
 * What a model needs to see the images of a dataset.
 *
 * @param tokens what stands for an image in a row
 * @param preprocessor what prepares it
 */
public record ImageUse(ImageTokens tokens, ImagePreprocessor preprocessor) {}
