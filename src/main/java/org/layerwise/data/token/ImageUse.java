package org.layerwise.data.token;

import org.layerwise.data.image.ImagePreprocessor;

/**
 * Settings with which a model reads the images of a dataset.
 *
 * @param tokens tokens that stand for an image in a row
 * @param preprocessor preprocessor of the images
 */
public record ImageUse(ImageTokens tokens, ImagePreprocessor preprocessor) {}
