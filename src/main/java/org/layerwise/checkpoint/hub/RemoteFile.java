package org.layerwise.checkpoint.hub;

/**
 * A file of a model on the hub.
 *
 * @param name its path in the repository
 * @param size its length in bytes
 * @param etag what names its content and its blob: the SHA-256 of files in large-file storage, otherwise git's SHA-1
 */
record RemoteFile(String name, long size, String etag) {}
