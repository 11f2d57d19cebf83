"""The knowledge base's tables."""

from knowledge.models.image import KnowledgeImage, KnowledgeRendition

__all__ = ["KnowledgeImage", "KnowledgeRendition"]
