"""Repair: a logo made to conform, its picture kept."""
