"""First imports, predicted: source becomes instructions (`compile`), which a simulated interpreter runs (`vm`)."""
