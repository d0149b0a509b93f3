var e=["location_based","market_based"];export{e as a};
