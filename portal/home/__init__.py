"""The portal's own face: shared layout, navigation, words of the interface, My work."""
